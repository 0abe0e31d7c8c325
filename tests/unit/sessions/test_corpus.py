"""The sessions of a real tree, judged by eye from its nine commits of October 2025."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from index.workspace import Workspace


def test_the_sessions_of_october_2025(corpus: Workspace, in_zone: Callable[[str], None]) -> None:
    in_zone("Etc/GMT+5")  # where they were written
    sessions = list(corpus.timeline.sessions())
    told = [(s.end.when.strftime("%d"), s.title, s.project, [c.rev[:7] for c in s.commits]) for s in sessions]
    skills = "custom-skills-development-phase-1-complete"
    assert told == [
        ("30", "Complete Phase 1 custom Skills - Laws #1A, #1B, #6 automation", skills, ["7e15465"]),
        (
            "29", "Complete Skills integration and custom Skills planning",
            "skills-integration-complete-planning-phase", ["8c7ffec"],
        ),
        ("18", "Phase 1.1 - Repository cleanup complete", "Cursor Optimization", ["47ff32b"]),
        ("09", "Session 5: Testing & Final Validation", "Cursor Optimization", ["ef74d89"]),
        ("09", "memory tests", "Memory System Integration", ["f450f53", "3e3d0ec"]),
        # The record of a session that was committed together with the next one.
        ("09", "Session 4: Documentation & Integration", "Cursor Optimization", []),
        ("06", "Complete Cursor optimization Sessions 1 & 2", "Cursor Optimization", ["8bf7d03"]),
        (
            "03", "Complete Memory System Integration (Phase 1) - Production Ready",
            "Memory System Integration", ["f384517", "dc5dd37"],
        ),
    ]  # fmt: skip


def test_every_commit_is_in_one_session(corpus: Workspace) -> None:
    told = [commit.rev for session in corpus.timeline.sessions() for commit in session.commits]
    assert sorted(told) == sorted(commit.rev for commit in corpus.tree.commits())


def test_what_they_say_and_what_is_doubtful(corpus: Workspace) -> None:
    last, planning, cleanup, validation, *_, first = corpus.timeline.sessions()
    assert last.state.next_step.startswith("Phase 2: Enhancement Skills")
    assert last.marks == ("2025-10-30T00:00:00Z is midnight; it may be a day without a time.",)
    assert planning.marks == (
        "The state says 2025-10-29T22:00:00Z, which is the local time of its commit: it may not be UTC.",
    )
    assert not cleanup.stated
    assert {work.change for work in cleanup.work} == {"removed"}
    assert validation.start.when == datetime.fromisoformat("2025-10-09T19:00:00-05:00")
    assert "The state says 2025-10-06T06:00:00Z, 3 d 18 h before it was committed." in validation.marks
    assert {change.field for change in validation.story} >= {"phase", "status", "next_step"}
    assert first.state.id == "memory-system-integration-001"
    assert first.story[0].field == "project"
    assert [work.title for work in first.handoffs] == ["spec-architect"]
    assert len(first.problems) == 2
