"""URLs, files and memories in a text are links, by key and mouse; none leads out of the project."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection

from index.model.addresses import Destination
from index.model.entry import Entry
from index.model.field import Field
from index.search.language.highlight import Highlighter
from index.search.language.query import parse
from index.workspace import Workspace
from tests.support.git import commit_all, make_repository
from tests.support.pages import NOW
from tests.support.pilot import WIDE, open_app, press, ready, said, settle, shown, until
from tui.runtime.web_browser import open_in_browser
from tui.screens.base.picker import Choices, Picker
from tui.screens.base.question import QuestionScreen
from tui.screens.browse.browse import Browse
from tui.widgets.browse.entry_page import lines
from tui.widgets.browse.page_facts import Page
from tui.widgets.browse.preview import Preview

URL = "https://example.org/pool_(sizing)?a=1&b=2"
POOL = f"""---
name: pool
description: How the pool is sized
---
Size it per worker, see <{URL}>.
It is in `src/pool.ts:2`, [the outbox](outbox.md) says more, and so does [[outbox]].
Never /etc/hosts.conf, ../../../outside.md, .git/config.txt, away.md, [a script](javascript:alert(1)).
"""
OUTBOX = "---\nname: outbox\ndescription: An outbox table\n---\nSee [the pool](pool.md).\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with a store of two memories that name each other, and files."""
    project = tmp_path / "deep" / "project"
    files = {
        "memory/pool.md": POOL,
        "memory/outbox.md": OUTBOX,
        "src/pool.ts": "const a = 1;\nconst b = 2;\n",
    }
    for name, text in files.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, "utf-8")
    make_repository(project)
    commit_all(project)
    (tmp_path / "outside.md").write_text("outside", "utf-8")
    (project / ".git" / "config.txt").write_text("git's own", "utf-8")
    (project / "memory" / "away.md").symlink_to(tmp_path / "outside.md")
    return project


def test_addresses_lead_into_the_project_alone(project: Path) -> None:
    workspace = Workspace.open(project / "memory")
    pool = next(entry for entry in workspace.tree.ready().entries if entry.file == "pool.md")
    found = workspace.tree.destinations.of(pool)
    assert set(found) == {"src/pool.ts:2", "outbox.md", "outbox"}
    assert found["outbox"].entry_id == found["outbox.md"].entry_id == "outbox.md#outbox"
    assert (found["src/pool.ts:2"].path, found["src/pool.ts:2"].line) == (str(project / "src/pool.ts"), 2)


async def read(pilot: Pilot[None], query: str) -> Browse:
    """Search for a memory and go to its page; its links are known then."""
    await ready(pilot)
    browse = pilot.app.screen
    assert isinstance(browse, Browse)
    await press(pilot, "slash", *query, "enter")
    await until(pilot, lambda: browse.focused is browse.preview)
    await settle(pilot)
    return browse


async def click(pilot: Pilot[None], page: Preview, text: str) -> None:
    """Click on a text of the page."""
    rows = said(page).split("\n")
    line = next(n for n, row in enumerate(rows) if text in row)
    await pilot.click(page, offset=(rows[line].index(text) + 2, line - page.top))
    await settle(pilot)


async def test_links_are_followed_by_key(project: Path) -> None:
    async with open_app(project / "memory").run_test(size=WIDE) as pilot:
        browse = await read(pilot, "sized")
        await press(pilot, "enter")
        picker = pilot.app.screen
        assert isinstance(picker, Picker)
        items = [item for item, _ in picker.query_one(Choices).found]
        assert [(item.title, item.note) for item in items] == [
            (URL, "web"), ("src/pool.ts:2", "file"), ("outbox", ""),
        ]  # fmt: skip
        await press(pilot, *"outbox", "enter")
        await until(pilot, lambda: browse.preview.entry and browse.preview.entry.file == "outbox.md")
        assert "Mentioned by\n  · pool" in said(browse.preview)
        await press(pilot, "left_square_bracket")
        await until(pilot, lambda: browse.preview.entry and browse.preview.entry.file == "pool.md")


async def test_a_url_is_shown_whole_before_it_is_copied_or_opened(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n', "utf-8")
    browser.chmod(0o700)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    async with open_app(project / "memory").run_test(size=WIDE) as pilot:
        browse = await read(pilot, "sized")
        for key in ("escape", "y", "enter"):
            await click(pilot, browse.preview, "example.org")
            assert isinstance(pilot.app.screen, QuestionScreen)
            assert URL in shown(pilot.app)
            assert not opened.exists()
            await press(pilot, key)
        assert pilot.app.clipboard == URL
        await until(pilot, lambda: opened.exists() and opened.read_text("utf-8").strip() == URL)


async def test_a_number_follows_that_link_at_once(project: Path) -> None:
    async with open_app(project / "memory").run_test(size=WIDE) as pilot:
        browse = await read(pilot, "sized")
        await until(pilot, lambda: len(browse.preview.linked()) == 3)
        number = [place.name for place in browse.preview.linked()].index("outbox") + 1
        await pilot.press("9")
        await until(pilot, lambda: "This page has 3 links" in shown(pilot.app))
        await pilot.press(str(number))
        await until(pilot, lambda: browse.preview.entry and browse.preview.entry.file == "outbox.md")
        browse.results.focus()
        await until(pilot, lambda: len(browse.preview.linked()) == 1)
        await pilot.press("1")
        await until(pilot, lambda: browse.preview.entry and browse.preview.entry.file == "pool.md")


async def test_a_number_follows_a_link_of_a_page_that_was_never_read(project: Path) -> None:
    async with open_app(project / "memory").run_test(size=WIDE) as pilot:
        await ready(pilot)
        browse = pilot.app.screen
        assert isinstance(browse, Browse)
        assert browse.results.go_to("outbox.md#outbox")
        await settle(pilot)
        assert "¹" not in said(browse.preview)
        await pilot.press("1")
        await until(pilot, lambda: browse.preview.entry and browse.preview.entry.file == "pool.md")


async def test_links_have_the_number_of_their_key_and_no_copy_has_it(project: Path) -> None:
    async with open_app(project / "memory").run_test(size=WIDE) as pilot:
        browse = await read(pilot, "sized")
        page = browse.preview
        await until(pilot, lambda: "`src/pool.ts:2`" not in said(page) and "²" in said(page))
        for text in (f"{URL}¹", "src/pool.ts:2²", "the outbox³", "[[outbox]]³", "outbox³"):
            assert text in said(page).replace("\n  ", "")
        assert "(outbox.md)" in said(page)
        assert "(outbox.md)³" not in said(page)
        assert "⏎ follow, or 1-3" in shown(pilot.app)
        top, end = Offset(0, 0), Offset(0, page.total)
        copied, _ = page.get_selection(Selection(top, end)) or ("", "")
        assert "the outbox" in copied
        assert not set(copied) & set("¹²³")


@pytest.mark.parametrize(("note", "ascii_"), [("¹", ""), ("[1]", "1")], ids=["unicode", "ascii"])
def test_a_number_parts_no_match(monkeypatch: pytest.MonkeyPatch, note: str, ascii_: str) -> None:
    monkeypatch.setenv("MEMARIUM_ASCII", ascii_)
    place = Destination("", url="https://a.org")
    entry = Entry("a.md#t", "note", "other", "T", "a.md", 1, (Field("text", "See https://a.org now."),))
    spans = Highlighter(parse('"org now"')).spans
    page = Page(entry, NOW, markdown=True, spans=spans, numbers={place: 1})
    line = next(line for line in lines(page, 60) if "See" in line.plain)
    assert line.plain == f"  See https://a.org{note} now."
    assert [line.plain[s.start : s.end] for s in line.spans if s.style == "lit"] == [f"org{note} now"]


async def test_a_page_without_links_says_so(tmp_path: Path) -> None:
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory" / "alone.md").write_text(
        "---\nname: alone\ndescription: sized\n---\nNothing.\n", "utf-8"
    )
    async with open_app(tmp_path / "memory").run_test(size=WIDE) as pilot:
        await read(pilot, "sized")
        await press(pilot, "enter")
        assert "There is no link on this page." in shown(pilot.app)
        await press(pilot, "escape", "1")
        await until(pilot, lambda: "There is no link on this page." in shown(pilot.app))
        await press(pilot, "x")
        assert "name: alone" in shown(pilot.app)


async def test_a_file_is_opened_in_the_editor(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "true")
    async with open_app(project / "memory").run_test(size=WIDE) as pilot:
        browse = await read(pilot, "sized")
        await click(pilot, browse.preview, "src/pool.ts")
        await until(pilot, lambda: "cannot be handed to an editor" in shown(pilot.app))  # not by a test
        await click(pilot, browse.preview, "the outbox")
        await until(pilot, lambda: browse.preview.entry and browse.preview.entry.file == "outbox.md")


async def test_what_leads_out_of_the_project_is_no_link(project: Path) -> None:
    async with open_app(project / "memory").run_test(size=WIDE) as pilot:
        browse = await read(pilot, "sized")
        page = browse.preview
        lit = {
            page.line(y).plain[span.start : span.end]
            for y in range(page.total)
            for span in page.line(y).spans
            if span.style == "link"
        }
        assert lit == {URL, "src/pool.ts:2", "the outbox", "[[outbox]]", "outbox"}  # the last names this one
        await click(pilot, page, "outside.md")
        assert pilot.app.screen is browse


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "javascript:alert(1)", "-help", "https://a b", "http://\n"]
)
def test_only_pages_of_the_web_are_opened(url: str) -> None:
    assert open_in_browser(url) is False
