"""One answer to a query: of the list, the timeline and what is lit, on the sample tree."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.commands.demo import sample_tree
from index.model.entry import Entry
from index.search.engines.entry_terms import places
from index.search.language.analysis import tokens
from index.search.language.highlight import Highlighter
from index.search.language.query import parse
from index.search.language.spelling import root
from index.sessions.asked import SessionQuery
from index.sessions.model import Session
from index.workspace import Workspace


def filters(entries: list[Entry]) -> list[str]:
    """Return every filter that narrows to something of the sample tree, in full and unfinished."""
    of_entry = (
        [f"kind:{entry.kind}", f"kind:{entry.group}", f'kind:"{entry.kind}"', f"kind:{entry.kind[:4]}*"]
        + [f'tag:"{tag}"' for tag in entry.tags]
        + [f'tech:"{tech}"' for tech in entry.tech]
        + [f"level:>={entry.level}", f"level:{entry.level}"] * bool(entry.level)
        + [f"file:{entry.file.rpartition('/')[2]}", f"id:{entry.id.rpartition('#')[2][:5]}"]
        for entry in entries
    )
    return sorted(one for one in set(chain.from_iterable(of_entry)) if "sess" not in one)


@pytest.fixture(scope="module")
def sample(homes: Path) -> Iterator[Workspace]:
    workspace = Workspace.open(sample_tree())
    workspace.search.update()
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def entries(sample: Workspace) -> list[Entry]:
    return [entry for entry in sample.tree.entries() if not entry.template]


@pytest.fixture(scope="module")
def words(entries: list[Entry]) -> list[str]:
    """Return the words of all titles."""
    return sorted({word for entry in entries for word in entry.title.split()})


@pytest.fixture(scope="module")
def sessions(sample: Workspace) -> list[Session]:
    return list(sample.timeline.sessions())


SLOWLY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def text_of(entry: Entry) -> str:
    """Return all that words are looked for in; of a time it is the day."""
    return "\n".join(text for text, _ in places(entry))


def asked_of(workspace: Workspace, sessions: list[Session], text: str) -> list[Session]:
    """Return the sessions that a query finds, of those there are."""
    by_id = workspace.tree.snapshot.by_id
    query = SessionQuery(parse(text), lambda one: workspace.search.matched(one, wait=False), by_id, ())
    return [session for session in sessions if query.matches(session)]


def words_of(entry: Entry) -> list[str]:
    return [token.word for token in tokens(text_of(entry))]


def test_the_timeline_finds_by_every_filter_what_the_list_does(
    sample: Workspace, entries: list[Entry], sessions: list[Session]
) -> None:
    asked = filters(entries)
    assert len(asked) > 150
    for text in asked:
        ids = sample.search.matched(parse(text))
        wanted = [one.key for one in sessions if any(work.id in ids for work in one.work)]
        assert [one.key for one in asked_of(sample, sessions, text)] == wanted, text
    assert list(sample.timeline.sessions(parse(asked[0]))) == list(asked_of(sample, sessions, asked[0]))


@SLOWLY
@given(st.data())
def test_the_timeline_finds_what_the_list_does(
    sample: Workspace, entries: list[Entry], words: list[str], sessions: list[Session], data: st.DataObject
) -> None:
    of_entries = [one for one in filters(entries) if not one.startswith("id:")]  # name sessions, too
    some = data.draw(st.lists(st.sampled_from(of_entries), min_size=1, max_size=2))
    said = data.draw(st.lists(st.sampled_from(words), max_size=2))
    joined = data.draw(st.sampled_from([" ", " OR ", " -"]))
    text = f"({joined.join([*some, *said])}) {some[0]}"
    ids = sample.search.matched(parse(text))
    wanted = [one.key for one in sessions if any(work.id in ids for work in one.work)]
    assert [one.key for one in asked_of(sample, sessions, text)] == wanted, text


@SLOWLY
@given(st.data())
def test_what_is_found_is_lit_and_what_is_lit_was_found(
    sample: Workspace, entries: list[Entry], words: list[str], data: st.DataObject
) -> None:
    word = data.draw(st.sampled_from(words))
    cut = data.draw(st.integers(1, len(word)))
    text = word[:cut] + data.draw(st.sampled_from(["", " ", "~ ", "* "]))
    for query in (parse(text), parse(f'"{text.strip("~* ")}"')):
        light = Highlighter(query)
        if query.words:
            found = sample.search.matched(query)
            assert {entry.id for entry in entries if light.spans(text_of(entry))} == found, text


def test_typing_a_word_never_loses_what_its_beginning_and_its_end_find(
    sample: Workspace, entries: list[Entry], words: list[str]
) -> None:
    held = {entry.id: set(words_of(entry)) for entry in entries}
    for word in words:
        found = [sample.search.matched(parse(word[:cut]), wait=False) for cut in range(2, len(word) + 1)]
        told = [cut for cut, ids in enumerate(found) if ids]
        assert told == list(range(len(told))), word
        finished = sample.search.matched(parse(f"{word} "), wait=False)
        assert finished, word
        if stem := root(word.lower()):
            begun = {one for one, all_of in held.items() if any(w.startswith(stem) for w in all_of)}
            assert finished >= begun, word


def test_an_id_comes_first_and_a_title_next(sample: Workspace, entries: list[Entry]) -> None:
    for entry in entries:
        key = entry.id.rpartition("#")[2]
        assert sample.search.find(key, limit=1).hits[0].id.endswith(f"#{key}")
        assert sample.search.find(entry.id, limit=1).hits[0].id == entry.id
        first = sample.search.find(entry.title.lower(), limit=5).hits[0].entry
        assert first.title == entry.title or entry.title.lower() in first.id.lower()
