"""A number in the sidebar is the number of entries that a click on it shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from index.commands.demo import sample_tree
from index.search.language.query import parse
from index.workspace import Workspace
from tui.widgets.browse.sidebar_rows import rows_of

ODD = {
    "a.xml": """<decisions>
      <decision id="D-1"><title>One</title><status>pending</status><project>Shop API</project>
        <tags>C++, c++, a b</tags><tech>Node.js</tech><level>3</level></decision>
      <decision id="D-2"><title>Two</title><project>shop api</project><tags>C, "quoted"</tags></decision>
    </decisions>""",
    "b/a.xml": """<debugging-solutions>
      <debugging-solution id="S-1"><title>Three</title><solution>x</solution><project>shop</project>
        <tags>c#; pool</tags><level>L3</level></debugging-solution>
      <debugging-solution id="S-2"><title></title><solution></solution></debugging-solution>
    </debugging-solutions>""",
    "b/aa.xml": """<notes><note id="N-1"><title>Four</title><text>y</text><project>shop-api</project>
      <tags>pool, pooling, Pool</tags><tech>node</tech></note>
      <other id="O-1"><title>Five</title><text>z</text><project>a:b (c)</project></other></notes>""",
    "empty.xml": "<notes/>",
    "ä ö.xml": "<sessions><session id='X'><title>Six</title><text>t</text>"
    "<project>*</project></session></sessions>",
    "broken.xml": "<notes><note id='B'><title>Seven & eight</title><text>t</text>"
    "<tags>is:new</tags></note></notes>",
}


@pytest.fixture(params=["sample", "odd"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path, engine_name: str) -> Iterator[Workspace]:
    root = sample_tree().resolve()
    if request.param == "odd":
        root = tmp_path / "memories"
        for path, text in ODD.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
    opened = Workspace.open(root)
    opened.tree.load()
    opened.search.update()
    yield opened
    opened.close()


def test_every_count_is_what_its_click_shows(workspace: Workspace) -> None:
    facets = workspace.search.facets()
    folders = {f"file:{folder}/" for path, _ in facets.files for folder in PurePosixPath(path).parents}
    opened = {"project", "tag", "tech", "other", "kinds", "file", *folders}
    rows = rows_of(facets, facets, {}, opened)
    assert {row.value for row in rows if row.name == "file"} >= {path for path, _ in facets.files}
    told = [(row.name, row.value, row.number) for row in rows if row.kind == "value"]
    told += [("level", str(level), number) for level, number in enumerate(facets.levels, 1)]
    wrong = []
    for name, value, number in told:
        query = parse("").toggled(name, value)
        found = workspace.search.find(parse(query, typing=False), limit=1).total
        if found != number:
            wrong.append((query, number, found))
    assert not wrong
    assert {name for name, _, _ in told} == {"kind", "project", "tag", "tech", "file", "level"}


def test_an_entry_called_by_its_id_is_counted(workspace: Workspace) -> None:
    for entry in workspace.tree.snapshot.entries:
        found = workspace.search.find(parse(entry.id, entered=True), limit=1000)
        counted = found.facets or workspace.search.facets(found.query)
        assert sum(dict(counted.groups).values()) == found.total, entry.id
        if not found.some_words:
            assert workspace.search.matched(found.query) == {hit.id for hit in found}, entry.id
