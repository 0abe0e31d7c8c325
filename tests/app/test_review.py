"""The review before a save: what it shows, and what is refused."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from textual.pilot import Pilot

from index.editing.committer import Committer
from index.git.repository import Repository
from index.model.plan import Plan, Saved
from tests.support.editing import NEW, edit, outcome, review
from tests.support.git import git, make_hook
from tests.support.pilot import NARROW, WIDE, Compare, open_app, ready, said, settle, until
from tests.support.shop import FILE, SOLUTION, make_shop
from tui.app import Memarium
from tui.flows.editing.proposing import tell_saved
from tui.screens.base.question import QuestionScreen, Words
from tui.screens.browse.browse import Browse
from tui.screens.editing.review import MessageLabel, ReviewScreen
from tui.widgets.base.footer import Footer
from tui.widgets.base.lines import Lines
from tui.widgets.base.rule import Rule
from tui.widgets.base.title_line import TitleLine
from tui.widgets.base.toast import Toast
from tui.widgets.editing.message_text import MessageText


@pytest.mark.parametrize(("program", "undone"), [("tr a-z b-za", False), ("cat", True), ("", True)])
async def test_an_undo_is_promised_only_where_there_is_one(
    tmp_path: Path, program: str, undone: bool
) -> None:
    root = make_shop(tmp_path)
    git(root, "config", "filter.turn.clean", program)
    git(root, "config", "filter.turn.smudge", "tr b-za a-z" if "tr" in program else program)
    (root.parent / ".git/info/attributes").write_text("*.xml filter=turn\n")
    git(root, "add", "--all", "--renormalize")
    git(root, "commit", "--quiet", "--allow-empty", "--message=turn")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await review(pilot)
        page = " ".join(said(screen.query_one("#diff", Lines)).split())
        assert ("✓ u undoes this" in page) == undone
        assert ("! cannot be undone with u: the file goes through a filter" in page) != undone
        assert app.workspace is not None
        plan = app.workspace.planner.edit(SOLUTION, {"prevention": NEW})
        tell_saved(app, app.workspace.committer.commit(plan), "prevention")
        await settle(pilot)
        assert "Saved prevention" in said(app.screen.query_one(Toast))
        assert ("undo" in said(app.screen.query_one(Toast))) == undone


async def test_it_shows_the_diff_and_what_is_sure(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await review(pilot)
        page = said(screen.query_one("#diff", Lines)).split("\n")
        facts = "✓ the file stays well-formed     ✓ nothing else changed on disk     ✓ u undoes this"
        assert page[1].strip() == facts
        assert page[3].split("   ") == [f"  {FILE}", "1 field · 2 lines changed"]
        assert [row.split()[1] for row in page if "−" in row or "+" in row] == ["−", "+", "+"]
        assert outcome(screen) == "to main as Ana Kovač · 1 file · not pushed"
        assert screen.query_one(TitleLine).note.plain.strip() == "+2  −1"
        assert said(screen.query_one(MessageLabel)).split("  ")[0] == "Commit message"


async def test_what_else_the_commit_would_hold_is_said(tmp_path: Path) -> None:
    """An agent wrote the same file and did not commit: the commit of the edit holds that too."""
    root = make_shop(tmp_path)
    text = (root / FILE).read_text("utf-8")
    (root / FILE).write_text(text.replace("Every client", "Each client"), "utf-8")
    (root / "new.xml").write_text("<lessons/>\n")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await review(pilot)
        page = " ".join(said(screen.query_one("#diff", Lines)).split())
        assert "! the file holds other changes that no commit has; they go with it" in page


async def test_the_message_is_the_users(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await review(pilot, message="")
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen is screen
        assert "The commit has no message" in outcome(screen)
        screen.query_one(MessageText).text = "x" * 80
        await pilot.pause()
        assert said(screen.query_one(MessageLabel)).endswith("80 of 72")
        screen.query_one(MessageText).text = "pool: say how #3 is prevented"
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
    assert git(root, "log", "-1", "--format=%B") == "pool: say how #3 is prevented"


async def test_tab_leads_to_the_diff_and_back(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=NARROW) as pilot:
        screen = await review(pilot)
        footer = screen.query_one(Footer)
        assert "tab diff" in said(footer)
        await pilot.press("tab", "G")
        assert screen.focused is screen.query_one("#diff")
        assert screen.query_one("#diff", Lines).top > 0
        assert "tab message" in said(footer)
        await pilot.press("tab")
        assert screen.focused is screen.query_one(MessageText)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, Browse)


async def test_keys_that_lead_elsewhere_do_not_lose_the_edit(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        form = await edit(pilot)
        await pilot.press("x", "ctrl+s")
        await settle(pilot)
        screen = app.screen
        await pilot.press("tab", "slash", "t", "p", "u")
        await settle(pilot)
        assert app.screen is screen
        await pilot.press("ctrl+q")
        await settle(pilot)
        assert app.screen is form
        await pilot.press("ctrl+q")
        await settle(pilot)
        assert isinstance(app.screen, QuestionScreen)


async def test_a_click_on_commit_commits(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await review(pilot)
        footer = screen.query_one(Footer)
        await pilot.click(footer, offset=(said(footer).index("commit"), 0))
        await settle(pilot)
        assert isinstance(app.screen, Browse)
    assert git(root, "rev-list", "--count", "HEAD") == "6"


@pytest.mark.usefixtures("unversioned")
async def test_without_a_repository_it_is_saved_and_said(tmp_path: Path) -> None:
    root = make_shop(tmp_path, versioned=False)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit(pilot)
        await pilot.press("x", "ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert "not versioned: the tree is in no git repository" in outcome(app.screen)
        assert said(app.screen.query_one(Footer)).startswith(" ⏎ save")
        await pilot.press("enter")
        await settle(pilot)
        assert said(app.screen.query_one(Toast)).split() == [
            "✓",
            "Saved",
            "prevention",
            "not",
            "versioned",
            "u",
            "undo",
        ]
    assert "alertingx</prevention>" in (root / FILE).read_text("utf-8")


async def test_a_refusal_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    before = (root / FILE).read_bytes()
    git(root, "checkout", "--quiet", "--detach")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await until_read(pilot)
        screen = await edit(pilot)
        await pilot.press("x", "ctrl+s")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, QuestionScreen)
        assert "Commit on no branch?" in said(app.screen.query_one(Words))
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        assert "detached HEAD" in outcome(app.screen)
        assert "Nothing was written." in outcome(app.screen).replace("\n", " ")
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is screen
        assert screen.unsaved
    assert (root / FILE).read_bytes() == before


async def test_a_hook_that_takes_long_is_told_and_stopped(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    hook = next(folder for folder in (root, *root.parents) if (folder / ".git").exists())
    hook = make_hook(hook, "pre-commit", "echo 3 checks passed\nexec sleep 120")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await review(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "3 checks passed   esc stops it" in outcome(screen))
        assert said(screen.query_one(Footer)).strip().startswith("esc stop the commit")
        assert "commit again" not in said(screen.query_one(Footer))
        await pilot.press("tab", "down")  # one can go on reading
        await pilot.press("escape")
        await until(pilot, lambda: "The pre-commit hook was stopped" in outcome(screen))
        assert app.screen is screen
        assert "leave it on disk" in said(screen.query_one(Footer))
        await pilot.press("escape")
        assert app.screen is not screen
    assert git(root, "rev-list", "--count", "HEAD") == "5"


async def test_a_commit_can_be_stopped_before_anything_is_heard_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_shop(tmp_path)
    make_hook(root.parent, "commit-msg", "exec sleep 120")
    begun, go_on = threading.Event(), threading.Event()
    real = Committer.commit

    def slow(committer: Committer, plan: Plan, message: str) -> Saved:
        begun.set()
        go_on.wait(20)
        return real(committer, plan, message)

    monkeypatch.setattr(Committer, "commit", slow)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await review(pilot)
        await pilot.press("enter")
        await until(pilot, begun.is_set)
        await pilot.press("escape")
        assert outcome(screen) == "stopping…"
        go_on.set()
        await until(pilot, lambda: "was stopped" in outcome(screen))
        await pilot.press("escape")
        assert app.screen is not screen
        held = app.workspace.tree.repository if app.workspace is not None else None
        assert held is not None
        assert not held.watcher.stop.is_set()
    assert git(root, "rev-list", "--count", "HEAD") == "5"


async def test_a_commit_on_no_branch_is_asked_for_once(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    git(root, "checkout", "--quiet", "--detach")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await until_read(pilot)
        for text in ("one", "two"):
            assert app.workspace is not None
            plan = app.workspace.planner.edit(SOLUTION, {"prevention": text})
            await app.push_screen(ReviewScreen(plan, "Database"))
            await settle(pilot)
            await pilot.press("enter")
            await settle(pilot)
            if text == "one":
                assert isinstance(app.screen, QuestionScreen)
                await pilot.press("enter")
                await settle(pilot)
            assert isinstance(app.screen, Browse)
    assert git(root, "rev-list", "--count", "HEAD", "^main") == "2"


async def test_a_repository_that_cannot_be_read_is_asked_about(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    config = next(folder for folder in (root, *root.parents) if (folder / ".git").exists()) / ".git/config"
    config.write_text("[core\n")
    before = (root / FILE).read_bytes()
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await review(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, QuestionScreen)
        assert (root / FILE).read_bytes() == before
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen is not screen
    assert (root / FILE).read_bytes() != before


async def until_read(pilot: Pilot[None]) -> None:
    """Wait for the entries of a repository that is on no branch."""
    from tests.support.pilot import until

    app = pilot.app
    assert isinstance(app, Memarium)
    await until(pilot, lambda: app.status.entries is not None)
    await settle(pilot)


async def test_a_hook_that_refuses(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    hook = root.parent / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'no edits \033[31mon Fridays' >&2\nexit 1\n")
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await review(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen is screen
        assert "the edit is saved on disk, but not committed" in outcome(screen).replace("\n", " ")
        assert "no edits on Fridays" in outcome(screen).replace("\n", " ")
        assert "⏎ commit again" in said(screen.query_one(Footer))
        hook.unlink()
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "rev-list", "--count", "HEAD") == "6"


async def test_nothing_is_committed_before_its_diff_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = threading.Event()
    state = Repository.state
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert app.workspace is not None
        monkeypatch.setattr(Repository, "state", lambda found: looked.wait(20) and state(found))
        screen = ReviewScreen(app.workspace.planner.edit(SOLUTION, {"prevention": NEW}), "Pool")
        await app.push_screen(screen)
        await pilot.press("enter")
        await until(pilot, lambda: "Alert when fewer" in said(screen.query_one("#diff", Lines)))
        await pilot.press("enter")
        await pilot.pause()
        assert outcome(screen) == "this is still being compared: have a look, then ⏎ once more"
        looked.set()
        await until(pilot, lambda: outcome(screen).startswith("to main as"))
        assert app.screen is screen
        assert git(root, "rev-list", "--count", "HEAD") == "5"
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
    assert git(root, "rev-list", "--count", "HEAD") == "6"


async def test_what_decides_is_in_view_in_the_smallest_terminal(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=(60, 20)) as pilot:
        screen = await review(pilot)
        rule, diff = screen.query_one("#rule-below", Rule), screen.query_one("#diff", Lines)
        rows = "\n".join(line.plain for line in diff.laid_out[: diff.room])
        assert rows.count("✓") == 3
        await until(pilot, lambda: f"↓ {diff.total - diff.room} more lines ─" in said(rule).replace("━", "─"))
        await pilot.press("tab", "G")
        await until(pilot, lambda: "more line" not in said(rule))


# ── pictures ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("size", "theme"),
    [(WIDE, "memarium-dark"), (NARROW, "memarium-light"), ((60, 20), "memarium-dark"), (WIDE, "memarium-16")],
    ids=["wide", "narrow-light", "small", "16-colours"],
)
def test_looks(tmp_path: Path, snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    async def run(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await review(pilot)

    assert snap_compare(open_app(make_shop(tmp_path)), terminal_size=size, run_before=run)


def test_looks_without_colour(tmp_path: Path, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def run(pilot: Pilot[None]) -> None:
        await review(pilot)

    assert snap_compare(open_app(make_shop(tmp_path)), terminal_size=WIDE, run_before=run)
