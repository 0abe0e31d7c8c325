"""The lines of the sidebar, and that a click on one shows as many entries as it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from index.model.facets import Facets, count_facets
from index.search.language.query import parse
from index.workspace import Workspace
from tests.support.entries import entry
from tui.widgets.browse.sidebar_rows import FILES, SidebarRow, rows_of


def records(kind: str, *titles: str) -> str:
    """Return a file of entries of one kind."""
    one = "".join(f"<{kind}><title>{title}</title><note>x</note></{kind}>" for title in titles)
    return f"<{kind}s>{one}</{kind}s>"


RECORDS = {
    "a/one.xml": records("gadget", "Pool a", "Pool b", "Net"),
    "a/b/two.xml": records("deep-gadget", "Pool first", "Second"),
    "b/two.xml": records("debugging-solution", "Pool c", "D"),
}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a tree with kinds that are in no group."""
    for path, text in RECORDS.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    with closing(Workspace.open(tmp_path)) as opened:
        opened.search.update()
        yield opened


def shown(rows: Sequence[SidebarRow]) -> list[str]:
    return [f"{'  ' * row.indent}{row.mark}{row.label} {row.number}" for row in rows]


@pytest.mark.parametrize("level", [None, 3])
def test_levels_are_a_group_where_an_entry_has_one(level: int | None) -> None:
    everything = count_facets([entry("a", level=level)])
    none = count_facets([])
    kinds = {row.kind for row in rows_of(none, everything, {}, set())}
    assert ("levels" in kinds) == (level is not None)


@pytest.mark.parametrize("text", ["", "pool", "kind:other", 'kind:"gadget"', "file:one", "pool level:3"])
def test_every_count_is_that_of_a_click(workspace: Workspace, text: str) -> None:
    """A chosen value is counted as if it were not, so that a click on another adds to it."""
    query = parse(text, typing=False)
    everything = workspace.search.facets()
    facets = workspace.search.facets(query) if text else everything
    opened = {"other", "kinds", "file", "file:a/", "file:a/b/", "file:b/"}
    chosen = {name: frozenset(query.chosen(name)) for name in ("kind", "file", "level")}
    rows = [row for row in rows_of(facets, everything, chosen, opened) if row.kind == "value"]
    assert {"gadget", "deep-gadget"} <= {row.value for row in rows}
    for row in rows:
        wider = text if not query.chosen(row.name) else ""
        clicked = parse(parse(wider, typing=False).toggled(row.name, row.value), typing=False)
        assert (row.label, workspace.search.find(clicked).total) == (row.label, row.number)


def test_other_unfolds_into_the_real_kinds(workspace: Workspace) -> None:
    everything = workspace.search.facets()
    shut = shown(rows_of(everything, everything, {}, set()))
    assert "▸Other 5" in shut
    assert not [row for row in shut if "adget" in row]
    rows = shown(rows_of(everything, everything, {}, {"other"}))
    at = rows.index("▾Other 5")
    assert rows[at + 1 : at + 4] == [
        "   All of these 5", "   Gadget 3", "   Deep gadget 2",
    ]  # fmt: skip


def test_a_chosen_kind_is_shown_while_others_are_folded(workspace: Workspace) -> None:
    everything = workspace.search.facets()
    rows = rows_of(everything, everything, {"kind": frozenset({"deep-gadget"})}, set())
    assert [row.label for row in rows if row.indent] == ["Deep gadget"]


def test_files_are_in_folders(workspace: Workspace) -> None:
    everything = workspace.search.facets()
    rows = rows_of(everything, everything, {}, {"file", "file:a/"})
    at = next(n for n, row in enumerate(rows) if row.label.startswith("Files"))
    assert shown(rows[at:]) == [
        "▾Files with entries 3", "  ▾a/ 2", "    ▸b/ 1", "     one.xml 3", "  ▸b/ 1",
    ]  # fmt: skip


def _tree(*paths: str) -> Facets:
    return count_facets(entry(f"e{n}", file=path) for n, path in enumerate(paths))


def test_folders_with_one_folder_in_them_are_one_line() -> None:
    facets = _tree("deep/down/here/a.xml", "deep/down/here/b.xml", "deep-er/c.xml", "top.xml")
    rows = [row for row in rows_of(facets, facets, {}, {"file"}) if row.indent]
    assert shown(rows) == ["  ▸deep-er/ 1", "  ▸deep/down/here/ 2", "   top.xml 1"]


def test_many_files_are_found_by_their_name() -> None:
    facets = _tree(*(f"all/{n:04}.xml" for n in range(1000)))
    rows = [row for row in rows_of(facets, facets, {}, {"file", "file:all/"}) if row.indent]
    assert [rows[0].name, rows[-1].name, rows[-1].label] == [FILES, FILES, "800 more …"]
    assert len(rows) == 203


def test_a_chosen_file_is_shown_whatever_is_folded() -> None:
    facets = _tree(*(f"all/{n:04}.xml" for n in range(300)), "top.xml")
    chosen = {"file": frozenset({"all/0290.xml"})}
    for opened in (set[str](), {"file"}):
        assert "0290.xml" in [row.label for row in rows_of(facets, facets, chosen, opened)]
