"""git is asked before a byte is written whether it could store the content."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.model.errors import Refused
from tests.support.work import ENTRY, NEW, Work, refusal

CRLF = NEW.replace(b"\n", b"\r\n")


@pytest.mark.parametrize("path", ["a.xml", "new.xml"])
@pytest.mark.parametrize(
    ("settings", "attributes", "data"),
    [
        ({"core.autocrlf": "true"}, "", NEW),
        ({"core.autocrlf": "input"}, "", CRLF),
        ({}, "*.xml text eol=crlf", NEW),
        ({}, "*.xml text=auto eol=lf", CRLF),
    ],
)
def test_line_ends_that_do_not_come_back(
    work: Work, path: str, settings: dict[str, str], attributes: str, data: bytes
) -> None:
    work.git("config", "core.safecrlf", "true")
    for name, value in settings.items():
        work.git("config", name, value)
    work.write(".gitattributes", attributes.encode())
    said = refusal(work, path, data)
    assert said.startswith(f"git would not give back the line ends of {path} as they are")
    assert "git config core.safecrlf warn" in said
    work.git("config", "core.safecrlf", "warn")
    assert work.save(path, data).revision == work.head()


def test_line_ends_that_the_index_keeps(work: Work) -> None:
    """A file that git holds with CRLF is left alone, so nothing about it is unsafe."""
    work.commit("memories/a.xml", ENTRY.replace(b"\n", b"\r\n"))
    work.git("config", "core.safecrlf", "true")
    work.git("config", "core.autocrlf", "input")
    assert work.save("a.xml", CRLF).revision == work.head()
    assert work.show("HEAD:memories/a.xml") == CRLF


@pytest.mark.parametrize("place", [".gitattributes", "memories/.gitattributes", ".git/info/attributes"])
@pytest.mark.parametrize("clean", ["", "false", "/nowhere/clean"])
def test_a_filter_that_must_be_there(work: Work, place: str, clean: str) -> None:
    work.write(place, b"*.xml filter=seal\n")
    work.git("config", "filter.seal.required", "true")
    if clean:
        work.git("config", "filter.seal.clean", clean)
    said = refusal(work, "a.xml")
    assert said.startswith("The filter seal that git needs to store a.xml is missing or fails")
    work.git("config", "filter.seal.required", "false")
    assert work.save("a.xml", NEW).revision == work.head()


def test_a_filter_of_the_users_own_attributes(work: Work, own_git_settings: Path) -> None:
    mine = own_git_settings.parent / "mine"
    mine.write_text("*.xml filter=seal\n")
    work.git("config", "core.attributesFile", str(mine))
    work.git("config", "filter.seal.required", "true")
    assert "The filter seal" in refusal(work, "new.xml")


@pytest.mark.parametrize("encoding", ["UTF-16", "no-such-encoding"])
def test_a_text_that_is_not_in_the_encoding_it_should_be(work: Work, encoding: str) -> None:
    work.write(".gitattributes", f"*.xml working-tree-encoding={encoding}\n".encode())
    assert refusal(work, "a.xml").startswith("git cannot store a.xml in the encoding that its attribute")


def test_one_of_several_files(work: Work) -> None:
    """What holds for one file holds for the change."""
    work.write(".gitattributes", b"b.xml filter=seal\n")
    work.git("config", "filter.seal.required", "true")
    repository = work.open()
    changes = [(repository.snapshot(name), NEW) for name in ("a.xml", "b.xml")]
    with pytest.raises(Refused, match=r"The filter seal that git needs to store b\.xml"):
        repository.save_all(changes, "both")
    assert (work.tree / "a.xml").read_bytes() == ENTRY


def test_deleting_needs_no_filter(work: Work) -> None:
    work.write(".gitattributes", b"a.xml filter=seal\n")
    work.git("config", "filter.seal.required", "true")
    assert work.save("a.xml", None).revision == work.head()


@pytest.mark.parametrize("place", ["objects/5a", "logs/HEAD", "refs/heads"])
def test_places_that_a_git_of_another_user_has_left(
    work: Work, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after `sudo git commit`; whoever runs the tests may be allowed to write everywhere."""
    other = work.root / ".git" / place
    if place.startswith("objects"):
        other.mkdir(exist_ok=True)
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != other and access(path, mode))
    assert f"read-only: {other}" in refusal(work, "a.xml")
