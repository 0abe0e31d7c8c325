"""What looks like a filter and is none: code, urls, prose with a colon."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.search.language.query import And, Node, Not, Phrase, Word
from index.workspace import Workspace
from tests.support.entries import typed, whole

DATE = "is not a date; try 2025-10-03, 2025-10, yesterday or 7d"


@pytest.mark.parametrize(
    ("text", "word", "hint"),
    [
        ("after:banana", Word("after:banana"), f"after: “banana” {DATE}"),
        ("on:click", Word("on:click"), f"on: “click” {DATE}"),
        ("-before:merge", Not(Word("before:merge")), f"before: “merge” {DATE}"),
        ('on:"click here"', Phrase("on:click here"), f"on: “click here” {DATE}"),
        ("level:error", Word("level:error"), "level: “error” is not a level; try 3, >=3 or 2..4"),
        ("level:err*", Word("level:err", prefix=True), "level: “err*” is not a level; try 3, >=3 or 2..4"),
        ("changed:2025-02-30", Word("changed:2025-02-30"), f"changed: “2025-02-30” {DATE}"),
        ("level:..", Word("level:.."), "level: “..” is not a level; try 3, >=3 or 2..4"),
        ("status: open", And((Word("status:"), Word("open"))), "status: has no value"),
        ('tag: "a b"', And((Word("tag:"), Phrase("a b"))), "tag: has no value"),
    ],
)
def test_what_a_filter_cannot_use_is_words_and_told(text: str, word: Node, hint: str) -> None:
    query = whole(text)
    assert (query.node, query.hint) == (word, f"{hint}; searched as words")
    assert query.filters == ()
    assert {span.role for span in query.spans} <= {"word", "phrase", "operator"}
    both = whole(f"pool {text} size").node
    parts = word.nodes if isinstance(word, And) else (word,)
    assert both == And((Word("pool"), *parts, Word("size")))


def test_a_state_that_is_none_is_words_and_told() -> None:
    known = "malformed, template, session, pending, new, deleted"
    for state in ("inline", "brokn"):
        query = whole(f"is:{state}")
        assert query.node == Word(f"is:{state}")
        assert query.hint == f"is: “{state}” is not known; there is {known}; searched as words"


@pytest.mark.parametrize("text", ["file:///etc/hosts", "tag::Name", r"C:\path", "id://xy", "std::id"])
def test_what_can_be_no_filter_is_a_word_without_a_hint(text: str) -> None:
    for query in (whole(text), typed(text)):
        assert isinstance(query.node, Word)
        assert (query.node.text, query.hint, query.filters) == (text, "", ())


def test_what_turns_out_to_be_no_filter_goes_on_while_one_types() -> None:
    assert typed("level:err").node == Word("level:err", prefix=True)
    assert typed("pool on:cl").node == And((Word("pool"), Word("on:cl", prefix=True)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id:int", '"id:int"'),
        ("pool -status:200 tag:x", 'pool -"status:200" "tag:x"'),
        ('project:"data lake" id:int', 'project:"data lake" "id:int"'),
        ("(tag:x OR level:3)", '("tag:x" OR level:3)'),
    ],
)
def test_filters_that_take_any_value_may_be_words(text: str, words: str) -> None:
    query = whole(text).as_words()
    assert query is not None
    assert (query.text, query.node) == (words, whole(words).node)
    assert whole(text).as_words(lambda part: False) is None


@pytest.mark.parametrize("text", ["", "pool", "is:new", "level:3", "on:today", 'tag:"x"', "kind:"])
def test_what_is_meant_as_a_filter_is_no_word(text: str) -> None:
    assert whole(text).as_words() is None


# ── in a tree ─────────────────────────────────────────────────────────────────

TEXTS = {
    "L-1": "v-on:click handler",
    "L-2": "log level:error",
    "L-3": "astro is:inline",
    "L-4": "file:///etc/hosts",
    "L-5": "HTTP status:200 and id:int",
    "L-6": "C:\\path of the tree",
    "L-7": "status: accepted",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    tree = tmp_path / "memories"
    tree.mkdir()
    lessons = "".join(
        f'<lesson id="{key}"><timestamp>2025-10-03</timestamp><title>{text}</title><status>done</status>'
        "<project>shop</project></lesson>"
        for key, text in TEXTS.items()
    )
    (tree / "lessons.xml").write_text(f"<lessons>{lessons}</lessons>", encoding="utf-8")
    return Workspace.open(tree)


@pytest.mark.parametrize(
    ("text", "found", "hint"),
    [
        ("on:click", ["L-1"], "is not a date"),
        ("level:error", ["L-2"], "is not a level"),
        ("is:inline", ["L-3"], "is not known"),
        ("file:///etc/hosts", ["L-4"], ""),
        ("status:200", ["L-5"], "No entry has that in such a field"),
        ("id:int status:200", ["L-5"], "No entry has that in such a field"),
        ("status:200 project:shop", ["L-5"], "No entry has that in such a field"),
        ("C:\\path", ["L-6"], ""),
        ("status: accepted", ["L-7"], "has no value"),
        ("status:done path", ["L-6"], ""),
        ("is:new", [], ""),
        ("status:done nowhere", [], ""),
    ],
)
def test_a_tree_is_searched_for_them(workspace: Workspace, text: str, found: list[str], hint: str) -> None:
    results = workspace.search.find(text)
    assert [hit.id.partition("#")[2] for hit in results] == found
    assert hint in results.hint
    assert bool(hint) == bool(results.hint)


def test_what_is_left_out_may_look_like_a_filter(workspace: Workspace) -> None:
    assert {hit.id.partition("#")[2] for hit in workspace.search.find("-level:error -on:click -C:path")} == {
        "L-3",
        "L-4",
        "L-5",
        "L-7",
    }


def test_facets_are_counted_of_what_was_found(workspace: Workspace) -> None:
    facets = workspace.search.facets(workspace.search.find("status:200", limit=0).query)
    assert list(facets.projects) == [("shop", 1)]


def test_the_timeline_reads_a_query_alike(workspace: Workspace) -> None:
    def titles(text: str) -> list[str]:
        return [work.title for session in workspace.timeline.sessions(text) for work in session.work]

    everything = titles("")
    assert len(everything) == len(TEXTS)
    for text in ("on:click", "level:error", "is:inline", "file:///etc/hosts", "id:int", "C:\\path"):
        assert titles(text) == everything
    assert titles("level:none") == []
