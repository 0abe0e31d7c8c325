"""`$EDITOR` from the app: on a private copy, and what came back is reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.git import git
from tests.support.pilot import WIDE, open_app, ready, said, settle
from tests.support.shop import FILE, SOLUTION, make_shop
from tui.app import Memarium
from tui.screens.base.question import QuestionScreen, Words
from tui.screens.browse.browse import Browse
from tui.screens.editing.review import ReviewScreen
from tui.widgets.base.toast import Toast


def put(path: Path, text: str) -> None:
    """Write a file between two keys."""
    path.write_text(text, "utf-8")


def held(path: Path | str) -> str | None:
    """Return what a file holds now, None when there is none."""
    return Path(path).read_text("utf-8") if Path(path).exists() else None


@contextmanager
def _suspended() -> Iterator[None]:
    yield


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fake editor that runs the sed script next to it on the file it is given, and notes its arguments."""
    program = tmp_path / "vim"
    note = f"printf '%s ' \"$@\" >> {tmp_path}/arguments; echo >> {tmp_path}/arguments"
    program.write_text(f'#!/bin/sh\n{note}\nfor f; do :; done\nsed -i -f {tmp_path}/script "$f"\n')
    program.chmod(0o755)
    monkeypatch.setenv("VISUAL", f"{program} -n")
    return tmp_path / "script"


async def open_editor(pilot: Pilot[None], monkeypatch: pytest.MonkeyPatch) -> Memarium:
    """Press E in browse; the terminal is not really handed over."""
    app = pilot.app
    assert isinstance(app, Memarium)
    await ready(pilot)
    monkeypatch.setattr(app, "suspend", _suspended)
    app.show_entry(SOLUTION)
    await settle(pilot)
    await pilot.press("E")
    await settle(pilot)
    return app


async def test_the_editor_works_on_a_private_copy(
    tmp_path: Path, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_shop(tmp_path)
    put(editor, "s/monitoring and alerting/alerts/")
    async with open_app(root).run_test(size=WIDE) as pilot:
        app = await open_editor(pilot, monkeypatch)
        assert isinstance(app.screen, ReviewScreen)
        assert "alerting" in (root / FILE).read_text("utf-8")
        option, line, copy = (tmp_path / "arguments").read_text().split()
        assert (option, line, Path(copy).name) == ("-n", "+6", "debugging-solutions.xml")
        assert held(copy)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
        assert held(copy) is None
    assert git(root, "show", "--format=%s", "--unified=0", "HEAD").split("\n")[-1] == (
        "+    <prevention>Added connection pool alerts</prevention>"
    )


async def test_an_editor_that_changes_nothing(
    tmp_path: Path, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_shop(tmp_path)
    put(editor, "")
    async with open_app(root).run_test(size=WIDE) as pilot:
        app = await open_editor(pilot, monkeypatch)
        assert f"Nothing was changed in {FILE}." in said(app.screen.query_one(Toast))
        assert held((tmp_path / "arguments").read_text().split()[-1]) is None
        put(editor, "no command of sed")
        await pilot.press("E")
        await settle(pilot)
        words = " ".join(said(app.screen.query_one(Toast)).split())
        assert f"The editor ended with status 1, so nothing was changed in {FILE}." in words


async def test_a_file_that_the_editor_broke(
    tmp_path: Path, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_shop(tmp_path)
    before = (root / FILE).read_bytes()
    put(editor, "s/pg-pool/pg-pool \\&/")
    async with open_app(root).run_test(size=WIDE) as pilot:
        app = await open_editor(pilot, monkeypatch)
        assert isinstance(app.screen, QuestionScreen)
        assert "Line 12, column" in said(app.screen.query_one(Words))
        put(editor, "s/ \\&</ and more</")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert "has\nchanged." in said(app.screen.query_one(Words))
        await pilot.press("d")
        await pilot.pause()
        assert isinstance(app.screen, Browse)
        copies = {line.split()[-1] for line in (tmp_path / "arguments").read_text().splitlines()}
        assert len(copies) == 1
        assert held(copies.pop()) is None
    assert (root / FILE).read_bytes() == before


async def test_another_entry_changed_while_the_editor_was_open(
    tmp_path: Path, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_shop(tmp_path)
    program = tmp_path / "vim"
    program.write_text(program.read_text() + f"sed -i 's/Every client/Each client/' {root / FILE}\n")
    put(editor, "s/monitoring and alerting/alerts/")
    async with open_app(root).run_test(size=WIDE) as pilot:
        app = await open_editor(pilot, monkeypatch)
        assert isinstance(app.screen, ReviewScreen)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
    text = (root / FILE).read_text("utf-8")
    assert "Each client" in text
    assert "pool alerts" in text


async def test_no_editor_and_no_terminal_to_hand_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        monkeypatch.setenv("EDITOR", "no-such-editor")
        await pilot.press("E")
        await settle(pilot)
        assert "The editor no-such-editor is not installed" in said(app.screen.query_one(Toast))
        monkeypatch.setenv("EDITOR", "true")
        await pilot.press("E")
        await settle(pilot)
        assert "cannot be handed to another program" in said(app.screen.query_one(Toast))
