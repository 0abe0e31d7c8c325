"""Which engine searches, and what it says of that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.search.engines import choice
from index.search.engines.choice import Choice, chosen, create_engine, open_engine
from index.workspace import Workspace
from tests.support import commands
from tests.support.entries import ids, some

LESSON = '<lessons><lesson id="L-1"><title>One</title><text>the pool</text></lesson></lessons>'


@pytest.mark.parametrize(
    ("asked", "there", "name", "told"),
    [
        ("", True, "tantivy", ""),
        ("auto", True, "tantivy", ""),
        (" Auto ", False, "whoosh", ""),
        ("whoosh", True, "whoosh", ""),
        ("tantivy", True, "tantivy", ""),
        ("tantivy", False, "whoosh", "pip install 'memarium[native]'"),
        ("lucene", True, "tantivy", "there is auto, whoosh, tantivy"),
    ],
)
def test_the_native_one_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch, asked: str, there: bool, name: str, told: str
) -> None:
    monkeypatch.setenv(choice.VARIABLE, asked)
    monkeypatch.setattr(choice, "find_spec", lambda module: module if there else None)
    assert chosen().name == name
    assert told in chosen().note
    assert bool(told) == bool(chosen().note)


def test_each_keeps_its_own_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("whoosh", "tantivy", "whoosh"):
        monkeypatch.setenv(choice.VARIABLE, name)
        engine = open_engine(tmp_path)
        assert engine.name == name
        engine.update([], some("a.xml", "1"))
        assert ids(engine) == ["a.xml#1"]
        engine.close()
    monkeypatch.setenv(choice.VARIABLE, "tantivy")
    assert ids(create_engine(tmp_path)) == []
    monkeypatch.setenv(choice.VARIABLE, "whoosh")
    assert ids(open_engine(tmp_path)) == ["a.xml#1"]


def test_what_went_while_another_searched_is_found_by_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = tmp_path / "memories"
    tree.mkdir()
    for name in ("a", "b"):
        (tree / f"{name}.xml").write_text(LESSON.replace("L-1", name), "utf-8")
    for name, total in (("whoosh", 2), ("tantivy", 2), ("whoosh", 1), ("tantivy", 1)):
        monkeypatch.setenv(choice.VARIABLE, name)
        if total == 1:
            (tree / "b.xml").unlink(missing_ok=True)
        workspace = Workspace.open(tree)
        workspace.tree.load()
        assert workspace.search.find("pool").total == total
        workspace.close()


def test_one_that_is_unusable_is_replaced(tmp_path: Path, engine_name: str) -> None:
    open_engine(tmp_path).close()
    seal = next(tmp_path.glob("**/SEAL"))
    seal.write_text("{}", "utf-8")
    engine = open_engine(tmp_path)
    assert (engine.name, ids(engine)) == (engine_name, [])


def test_one_that_cannot_be_made_leaves_it_to_whoosh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tantivy = pytest.importorskip("tantivy")

    def refuse(*_: object, **__: object) -> None:
        raise ValueError('Failed to acquire Lockfile: Os { code: 37, message: "No locks available" }')

    monkeypatch.setattr(tantivy, "Index", refuse)
    monkeypatch.setenv(choice.VARIABLE, "tantivy")
    held: list[str] = []
    for made in (open_engine, open_engine, create_engine):
        engine = made(tmp_path)
        assert engine.name == "whoosh"
        assert ids(engine) == ([] if made is create_engine else held)
        engine.update([], some("a.xml", "1") if not held else ())
        held = ids(engine)
        engine.close()


def test_the_command_names_the_one_that_took_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tantivy = pytest.importorskip("tantivy")

    def refuse(*_: object, **__: object) -> None:
        raise ValueError("No locks available")

    monkeypatch.setattr(tantivy, "Index", refuse)
    monkeypatch.setenv(choice.VARIABLE, "tantivy")
    tree = tmp_path / "memories"
    tree.mkdir()
    (tree / "a.xml").write_text(LESSON, "utf-8")
    assert commands.call(tree, "index", status=0).stdout.rstrip().endswith("by Whoosh")
    assert json.loads(commands.call(tree, "index", "--json", status=0).stdout)["engine"] == "whoosh"


def test_the_command_says_which_one_it_is(
    tmp_path: Path, engine_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = tmp_path / "memories"
    tree.mkdir()
    (tree / "a.xml").write_text(LESSON, "utf-8")
    assert commands.call(tree, "index", status=0).stdout.rstrip().endswith(f"by {engine_name.title()}")
    assert commands.call(tree, "search", "pool", status=0).stdout.count("L-1") == 1
    monkeypatch.setattr("index.search.engines.choice.chosen", lambda: Choice("whoosh", "Not that one."))
    assert commands.call(tree, "index", status=0).stderr.splitlines() == ["Not that one."]
