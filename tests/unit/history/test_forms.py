"""A file that git keeps in another form than it has on disk is read as a checkout gives it, all its past."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.formats.xml.document import Document
from index.history.deleted import deleted, past_of_deleted
from index.history.sync import sync
from index.history.tree_log import tree_log
from index.history.undo import Refusal, Undo, plan_undo
from index.model.errors import Refused
from index.workspace import Workspace
from tests.support.clones import make_pair, send
from tests.support.work import Work

FILE = "memories/lessons.xml"
NOW = datetime(2025, 10, 3, 14, 30, tzinfo=UTC)
ENTRIES = (
    '<lesson id="L-1"><title>One</title><fix>{}</fix></lesson>\n'
    '<lesson id="L-2"><title>Two</title><fix>two</fix></lesson>\n'
)
FORMS = [
    ("UTF-16LE-BOM", "UTF-16", "utf-16-le", codecs.BOM_UTF16_LE),
    ("utf-16be", "UTF-16BE", "utf-16-be", b""),
    ("UTF-16", "UTF-16", "utf-16-le", codecs.BOM_UTF16_LE),
    ("utf16", "UTF-16", "utf-16-le", codecs.BOM_UTF16_LE),
    ("UTF-16LE", "UTF-16LE", "utf-16-le", b""),
    ("SHIFT-JIS", "Shift_JIS", "shift_jis", b""),
    ("cp1252", "windows-1252", "cp1252", b""),
    ("ISO-8859-15", "ISO-8859-15", "iso-8859-15", b""),
]


def page(declared: str, word: str, *more: str) -> str:
    body = ENTRIES.format(word) + "".join(more)
    return f'<?xml version="1.0" encoding="{declared}"?>\n<lessons>\n{body}</lessons>\n'


def word(codec: str) -> str:
    return "テスト" if "jis" in codec else "grün"


def written(make_work: Callable[..., Work], form: tuple[str, str, str, bytes], *words: str) -> Work:
    attribute, declared, codec, mark = form
    work = make_work()
    work.commit(".gitattributes", f"*.xml text working-tree-encoding={attribute}\n".encode())
    for one in words or (word(codec), "beta"):
        work.commit(FILE, mark + page(declared, one).encode(codec))
    return work


@pytest.mark.parametrize("form", FORMS, ids=[form[0] for form in FORMS])
def test_the_past_is_read_in_the_encoding_of_the_disk(
    make_work: Callable[..., Work], form: tuple[str, str, str, bytes]
) -> None:
    work = written(make_work, form)
    first = word(form[2])
    found = Workspace.open(work.tree).history
    versions = list(found.versions("L-1"))
    assert [(version.summary, version.broken) for version in versions] == [
        (f"fix {first} → beta", False),
        ("added", False),
    ]
    files = list(found.file_versions("lessons.xml"))
    assert [(version.summary, version.broken) for version in files] == [
        ("1 lesson edited", False),
        ("created with 2 entries", False),
    ]
    old = found.at("L-1", "HEAD~1")
    assert old.document.to_bytes() == form[3] + page(form[1], first).encode(form[2])
    assert not old.document.problems
    assert found.plan_restore("L-1", versions[-1]).changes[0].after == old.document.to_bytes()
    assert found.plan_restore_file("lessons.xml", files[-1]).changes[0].after == old.document.to_bytes()
    assert work.status() == ""


@pytest.mark.parametrize("form", FORMS[::3], ids=[form[0] for form in FORMS[::3]])
def test_what_was_deleted_comes_back_from_another_encoding(
    make_work: Callable[..., Work], form: tuple[str, str, str, bytes]
) -> None:
    work = written(make_work, form)
    head, tail = page(form[1], "beta").split('<lesson id="L-2">')
    work.commit(FILE, form[3] + (head + tail.partition("\n")[2]).encode(form[2]))
    repository = work.open()
    assert next(step.summary for step in tree_log(repository)) == "−1 lesson"
    gone = next(one for one in deleted(repository, []) if one.entry.id.endswith("L-2"))
    past = past_of_deleted(repository, gone)
    assert past is not None
    assert not past.document.problems


@pytest.mark.parametrize("form", FORMS[::2], ids=[form[0] for form in FORMS[::2]])
def test_an_edit_is_taken_back_in_the_encoding_of_the_disk(
    make_work: Callable[..., Work], form: tuple[str, str, str, bytes]
) -> None:
    work = written(make_work, form)
    before = (work.root / FILE).read_bytes()
    workspace = Workspace.open(work.tree)
    workspace.committer.commit(workspace.planner.edit("L-1", {"title": "Uno"}))
    workspace.committer.undo()
    assert (work.root / FILE).read_bytes() == before
    assert work.status() == ""


def test_both_sides_of_a_merge_are_read_in_the_encoding_of_the_disk(
    make_work: Callable[..., Work], tmp_path: Path
) -> None:
    mine, yours = make_pair(make_work, tmp_path)
    send(mine, ".gitattributes", b"lessons.xml text working-tree-encoding=UTF-16LE-BOM\n")
    text = page("UTF-16", "grün")
    send(mine, FILE, text.encode("utf-16"))
    yours.git("pull", "-q")
    third, fourth = (f'<lesson id="L-{n}"><title>T{n}</title></lesson>\n' for n in (3, 4))
    send(yours, FILE, text.replace("</lessons>", third + "</lessons>").encode("utf-16"))
    mine.commit(FILE, text.replace("</lessons>", fourth + "</lessons>").encode("utf-16"))
    outcome = sync(mine.open().checkout)
    assert not outcome.conflicts
    assert mine.status() == ""
    document = Document.parse((mine.root / FILE).read_bytes(), "lessons.xml")
    assert not document.problems
    assert document.source == page("UTF-16", "grün", third, fourth).replace(*("\r\n", "\n"))
    assert mine.show(f"HEAD:{FILE}") == document.source.encode()


def test_an_older_version_that_was_stored_otherwise_is_read_as_it_is(make_work: Callable[..., Work]) -> None:
    """UTF-8 that says so, and UTF-16 that git once kept byte by byte: a checkout leaves both alone."""
    work = make_work()
    work.commit(FILE, page("UTF-16", "alpha").encode("utf-16"))
    work.commit(FILE, page("UTF-8", "grün").encode())
    work.commit(".gitattributes", b"*.xml working-tree-encoding=UTF-16\n")
    work.commit(FILE, page("UTF-16", "gamma").encode("utf-16"))
    versions = list(Workspace.open(work.tree).history.versions("L-1"))
    assert [(version.summary, version.broken) for version in versions] == [
        ("fix grün → gamma", False),
        ("fix alpha → grün", False),
        ("added", False),
    ]


def test_an_encoding_that_git_does_not_know_is_named_before_anything_is_written(
    make_work: Callable[..., Work],
) -> None:
    work = make_work()
    work.commit(FILE, page("UTF-8", "alpha").encode())
    work.commit(".gitattributes", b"*.xml working-tree-encoding=KLINGON-7\n")
    before = (work.root / FILE).read_bytes()
    workspace = Workspace.open(work.tree)
    with pytest.raises(Refused, match=r"working-tree-encoding.*KLINGON-7.*Nothing was"):
        workspace.committer.commit(workspace.planner.edit("L-1", {"title": "Uno"}))
    assert (work.root / FILE).read_bytes() == before
    assert [version.summary for version in workspace.history.versions("L-1")] == ["added"]


def test_a_text_that_is_not_in_the_encoding_of_the_disk_is_named_before_anything_is_written(
    make_work: Callable[..., Work],
) -> None:
    """git takes no UTF-16 without its mark."""
    work = make_work()
    work.commit(FILE, page("UTF-8", "alpha").encode())
    work.commit(".gitattributes", b"*.xml working-tree-encoding=UTF-16\n")
    workspace = Workspace.open(work.tree)
    with pytest.raises(Refused, match=r"cannot store lessons\.xml in the encoding.*BOM"):
        workspace.committer.commit(workspace.planner.edit("L-1", {"title": "Uno"}))
    assert b"Uno" not in (work.root / FILE).read_bytes()


@pytest.mark.parametrize("setting", ["core.autocrlf", "core.eol", "attribute"])
def test_line_ends_are_no_edit(make_work: Callable[..., Work], setting: str) -> None:
    """A file that was made, with the line ends of this disk, can be taken back; its versions compare."""
    work = make_work()
    if setting == "attribute":
        work.commit(".gitattributes", b"*.xml text eol=crlf\n")
    elif setting == "core.eol":
        work.git("config", "core.eol", "crlf")
        work.commit(".gitattributes", b"*.xml text\n")
    else:
        work.git("config", "core.autocrlf", "true")
    disk = page("UTF-8", "alpha").replace("\n", "\r\n").encode()
    work.commit(FILE, disk)
    workspace = Workspace.open(work.tree)
    (version,) = workspace.history.file_versions("lessons.xml")
    assert workspace.history.file_text(version, "lessons.xml") == disk
    workspace.committer.commit(workspace.planner.add("lesson", {"title": "New"}, NOW, file="new.xml"))
    assert b"\r\n" in (work.tree / "new.xml").read_bytes()
    workspace.committer.undo()
    assert not (work.tree / "new.xml").exists()
    assert work.status() == ""


def test_an_expanded_ident_is_no_edit(make_work: Callable[..., Work]) -> None:
    work = make_work()
    work.commit(".gitattributes", b"*.xml ident\n")
    for one in ("alpha $Id$", "beta $Id$"):
        work.commit(FILE, page("UTF-8", one).encode())
    work.git("checkout", "HEAD~1", "--", FILE)
    work.git("checkout", "HEAD", "--", FILE)
    assert b"$Id: " in (work.root / FILE).read_bytes()
    found = Workspace.open(work.tree).history
    assert [version.summary for version in found.versions("L-1")] == ["fix alpha $Id$ → beta $Id$", "added"]
    assert found.blame("L-1")["fix"].rev == work.head()
    newest, _ = found.file_versions("lessons.xml")
    assert found.file_text(newest, "lessons.xml") == (work.root / FILE).read_bytes()


def undo_plan(work: Work, rev: str) -> Undo | Refusal:
    from index.storage.journal import JournalRecord

    record = JournalRecord(rev, ("lessons.xml",))
    return plan_undo(work.open(), record, lambda path: (work.tree / path).read_bytes())


def test_a_change_around_the_entries_is_taken_back_under_every_form(make_work: Callable[..., Work]) -> None:
    """Only the file as a whole tells that nobody edited it since."""
    for number, (attribute, declared, encoding) in enumerate(
        [("ident", "UTF-8", "utf-8"), ("working-tree-encoding=UTF-16", "UTF-16", "utf-16")]
    ):
        work = make_work(f"form-{number}")
        work.commit(".gitattributes", f"*.xml {attribute}\n".encode())
        first = page(declared, "$Id$").encode(encoding)
        work.commit(FILE, first)
        rev = work.commit(FILE, page(declared, "$Id$").replace("lessons>", "all>").encode(encoding))
        (work.root / FILE).unlink()
        work.git("checkout", "--", FILE)
        plan = undo_plan(work, rev)
        assert isinstance(plan, Undo), plan
        result = plan.files["lessons.xml"]
        assert result is not None
        assert b"lessons>" in result.replace(b"\0", b"")
