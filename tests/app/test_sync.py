"""Sync from its key: told when it works and when it does not, and a conflict is chosen field by field."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.git.remotes.remote import fetch, push
from index.git.repository import Repository
from index.history import sync as syncing
from tests.support.git import git, make_hook
from tests.support.pilot import NARROW, WIDE, open_app, ready, said, settle, until
from tests.support.shop import FILE, make_shop
from tests.support.shop_clones import PREVENTION, change, make_clones, make_conflict, send, sync
from tui.app import Memarium
from tui.screens.base.question import QuestionScreen, Words
from tui.screens.browse.browse import Browse
from tui.screens.editing.edit import EditScreen
from tui.widgets.base.footer import Footer
from tui.widgets.base.status_line import StatusLine
from tui.widgets.base.toast import Toast
from tui.widgets.browse.results import Results


def footer(app: Memarium) -> str:
    return said(app.screen.query_one(Footer)).strip()


# ── without a conflict ────────────────────────────────────────────────────────


async def test_what_others_wrote_comes_and_ours_is_sent(tmp_path: Path) -> None:
    mine, theirs = make_clones(tmp_path)
    send(theirs, ("Every client retries at once.", "Every client retries at the same moment."))
    change(mine, (PREVENTION, "Ours"))
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        await sync(pilot)
        assert said(app.screen.query_one(Toast)).startswith("✓ Pulled 1 commit from origin/main")
        assert "pushed" in said(app.screen.query_one(Toast))
        assert app.status.task == ""
        await until(pilot, lambda: "same moment" in str(app.workspace and app.workspace.tree.entries()))
    text = (mine / FILE).read_text("utf-8")
    assert "Ours" in text
    assert "at the same moment" in text
    assert git(mine, "rev-parse", "HEAD") == git(mine, "rev-parse", "origin/main")


async def test_progress_is_shown_and_nothing_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, _ = make_clones(tmp_path)
    change(mine, (PREVENTION, "Ours"))
    go_on = threading.Event()
    real = push

    def slow(*arguments: Any) -> object:
        go_on.wait(30)
        return real(*arguments)

    monkeypatch.setattr(syncing, "push", slow)
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("S")
        await until(pilot, lambda: app.status.task == "sending 1 commit")
        assert footer(app).startswith("S stop the sync")
        await pilot.press("S")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        assert "sending 1 commit" in said(app.screen.query_one(Words))
        await pilot.press("escape", "down")
        await until(pilot, lambda: app.screen.query_one("#results", Results).cursor == 1)
        go_on.set()
        await settle(pilot)
        assert said(app.screen.query_one(Toast)) == "✓ Pushed 1 commit to origin/main."
        await until(pilot, lambda: "stop the sync" not in footer(app))


async def test_a_hook_that_takes_long_is_shown_and_can_be_stopped(tmp_path: Path) -> None:
    mine, _ = make_clones(tmp_path)
    change(mine, (PREVENTION, "Ours"))
    make_hook(mine, "pre-push", "echo testing >&2\nexec sleep 120")
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("S")
        await until(pilot, lambda: "pre-push hook: testing   S stops it" in app.status.task)
        await pilot.press("S")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await pilot.press("S")
        await settle(pilot)
        assert "The pre-push hook was stopped." in said(app.screen.query_one(Words))


async def test_a_fetch_that_hangs_is_stopped_by_the_key(tmp_path: Path) -> None:
    mine, _ = make_clones(tmp_path)
    silent = socket.create_server(("127.0.0.1", 0))  # takes the call and never answers
    git(mine, "remote", "set-url", "origin", f"http://127.0.0.1:{silent.getsockname()[1]}/x.git")
    before = git(mine, "rev-parse", "HEAD")
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("S")
        await until(pilot, lambda: app.status.task.startswith("fetching") and "S stop" in footer(app))
        await pilot.press("S")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        assert "fetching origin/main" in said(app.screen.query_one(Words))
        await pilot.press("S")
        await until(pilot, lambda: not app.syncing)
        await settle(pilot)
        assert "The sync was stopped. Nothing was merged or pushed." in said(app.screen.query_one(Words))
        await pilot.press("enter")
        assert isinstance(app.screen, Browse)
    silent.close()
    assert git(mine, "rev-parse", "HEAD") == before


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda mine: git(mine, "remote", "remove", "origin"), "No remote is configured"),
        (lambda mine: git(mine, "branch", "--unset-upstream"), "follows no branch of another repository"),
        (lambda mine: git(mine, "remote", "set-url", "origin", "../nothing"), "no repository at its address"),
        (lambda mine: git(mine, "remote", "set-url", "origin", "http://127.0.0.1:9/x"), "network"),
        (lambda mine: git(mine, "switch", "--detach", "--quiet"), "on no branch"),
    ],
    ids=["no remote", "no upstream", "no repository", "no network", "detached"],
)
async def test_why_not_is_said_plainly(tmp_path: Path, prepare: Callable[..., object], words: str) -> None:
    mine, _ = make_clones(tmp_path)
    app = open_app(mine)
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        prepare(mine)
        await sync(pilot)
        assert isinstance(app.screen, QuestionScreen)
        text = " ".join(said(app.screen.query_one(Words)).split())
        assert text.startswith("Not synced")
        assert words in text
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, Browse)


@pytest.mark.usefixtures("unversioned")
async def test_without_a_repository(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path, versioned=False))
    async with app.run_test(size=NARROW) as pilot:
        await sync(pilot)
        assert "There is nothing to sync with." in said(app.screen.query_one(Words))


async def test_a_push_that_is_rejected(tmp_path: Path) -> None:
    mine, _ = make_clones(tmp_path)
    change(mine, (PREVENTION, "Ours"))
    make_hook(tmp_path / "shared.git", "pre-receive", "echo 'only on [/red] weekdays'\nexit 1")
    app = open_app(mine)
    async with app.run_test(size=NARROW) as pilot:
        await sync(pilot)
        text = " ".join(said(app.screen.query_one(Words)).split())
        assert text.startswith("Not pushed origin rejected the push")
        assert "only on [/red] weekdays. 1 commit waits here." in text


async def test_it_does_not_float_over_what_is_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, _ = make_conflict(tmp_path)
    go_on = threading.Event()
    real = fetch

    def slow(*arguments: Any) -> object:
        go_on.wait(30)
        return real(*arguments)

    monkeypatch.setattr(syncing, "fetch", slow)
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("S", "e", "x")
        go_on.set()
        await settle(pilot)
        assert isinstance(app.screen, EditScreen)
        assert "S shows it when you are done" in said(app.screen.query_one(Toast))


async def test_it_is_in_the_palette(tmp_path: Path) -> None:
    mine, _ = make_clones(tmp_path)
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+p", *"sync")
        await pilot.pause()
        await pilot.press("enter")
        await settle(pilot)
        assert said(app.screen.query_one(Toast)) == "✓ Up to date with origin/main."


def test_the_upstream_has_a_name(tmp_path: Path) -> None:
    mine, _ = make_clones(tmp_path)
    repository = Repository.find(mine)
    assert repository is not None
    assert repository.upstream() == "origin/main"
    git(mine, "branch", "--unset-upstream")
    assert repository.upstream() == ""
    repository.close()


async def test_the_status_line_tells_what_is_to_be_sent_and_a_click_sends_it(tmp_path: Path) -> None:
    mine, _ = make_clones(tmp_path)
    change(mine, (PREVENTION, "Ours"))
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        line = app.screen.query_one(StatusLine)
        await until(pilot, lambda: "↑1" in said(line))
        await pilot.click(line, offset=(said(line).index("↑1"), 0))
        await until(pilot, lambda: app.status.entries is not None and "↑" not in said(line))
        await settle(pilot)
    assert git(mine, "rev-parse", "HEAD") == git(mine, "rev-parse", "origin/main")
