"""An error that nobody expected is shown in one sentence and written down, wherever it happens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.events import Key

from index.library.reader import Reader
from index.library.tree import Tree
from index.storage.failure_log import LARGEST, log_file, report
from tests.support.garden import browsed, open_garden
from tests.support.home import Home
from tests.support.pilot import until
from tui.app import Memarium
from tui.flows.running.held_keys import HeldKeys
from tui.widgets.base.toast import Toast

pytestmark = pytest.mark.usefixtures("unforeseen")


class Odd(Exception):
    """Something that no piece of the app expects."""


def fail(*_: object, **__: object) -> None:
    raise Odd("made for a test")


def told(app: Memarium) -> str:
    return app.screen.query_one(Toast)._line.plain


def from_a_worker(app: Memarium) -> None:
    app.in_thread(fail, "plan")


def from_a_thread(app: Memarium) -> None:
    threading.Thread(target=fail).start()


def from_a_key(app: Memarium) -> None:
    app.simulate_key("f5")


def from_a_key_that_waited(app: Memarium) -> None:
    app.held._events.append((Key("j", "j"), app.screen))
    app.held.let_act()


@pytest.mark.parametrize("happen", [from_a_worker, from_a_thread, from_a_key, from_a_key_that_waited])
async def test_it_is_shown_and_written_down_and_the_app_goes_on(
    app: Memarium, happen: Callable[[Memarium], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(Memarium, "action_reload", fail)
    monkeypatch.setattr(HeldKeys, "_rest", fail)
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        happen(app)
        await until(pilot, lambda: "failed unexpectedly" in told(app))
        assert "errors.log (Odd: made for a test)" in told(app)
        log = log_file().read_text()
        assert "Traceback" in log
        await pilot.press("t")
        await until(pilot, lambda: type(app.screen).__name__ == "Timeline")


@pytest.mark.parametrize(
    ("owner", "method"), [(Tree, "load"), (Reader, "first_page"), (Tree, "watch"), (Tree, "state")]
)
async def test_an_odd_error_while_reading_is_shown(
    garden: Path, monkeypatch: pytest.MonkeyPatch, owner: type, method: str
) -> None:
    monkeypatch.setattr(owner, method, fail)
    app = open_garden(garden)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: "failed unexpectedly" in told(app))
        assert not app.status.task


def test_the_log_is_private_and_does_not_grow_for_ever() -> None:
    report(Odd("first"))
    assert log_file().stat().st_mode & 0o777 == 0o600
    log_file().write_text("x" * (LARGEST + 1))
    report(Odd("second"))
    assert "second" in log_file().read_text()
    assert log_file().stat().st_size < LARGEST


def test_what_cannot_be_written_down_is_said(home: Home) -> None:
    home.spoil(home.state)
    assert "cannot be written (Odd: a b)" in report(Odd("a\nb"))


async def test_links_in_a_circle_keep_nothing_from_being_seen(garden: Path, app: Memarium) -> None:
    (garden / "me").symlink_to("me")
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        before = app.status.entries or 0
        assert before
        (garden / "a.xml").symlink_to("b.xml")
        (garden / "b.xml").symlink_to("a.xml")
        (garden / "late.xml").write_text("<lessons><lesson id='L-9'><title>Late</title></lesson></lessons>")
        await until(pilot, lambda: app.status.entries == before + 1)
