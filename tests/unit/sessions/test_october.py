"""A month as agents leave it: records committed late, local times called UTC, days without a clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from index.workspace import Workspace
from tests.support.diary import Diary, notes, state

HANDOFF = (
    "<handoff-log><handoff><id>H-1</id><timestamp>2025-10-03T11:00:00-05:00</timestamp>"
    "<title>spec-architect</title><status>done</status></handoff></handoff-log>"
)
BROKEN = (
    "<uncertainties><uncertainty><title>R & D</title><text>p95 < 5 ms</text></uncertainty></uncertainties>"
)


@pytest.fixture(scope="module")
def zone() -> Iterator[None]:
    """Five hours behind UTC, where the month was written."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Etc/GMT+5")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(scope="module")
def october(zone: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A tree with nine commits, oldest first."""
    diary = Diary(tmp_path_factory.mktemp("october") / "work")

    def commit(when: str, message: str = "work", said: str = "", **files: str) -> str:
        if said:
            files["session_context__active_project"] = said
        return diary.commit(when, message, **files)

    commit(
        "2025-10-03T10:00:00-05:00",
        said=state(session_id="memory-1", project="memory", title="Memory system", status="begun"),
        agent_coordination__handoff_log=HANDOFF,
        doubts=BROKEN,
    )
    commit(
        "2025-10-03T11:30:00-05:00",
        said=state(session_id="memory-1", project="memory", title="Memory system, done", status="done"),
    )
    commit(
        "2025-10-06T16:00:00-05:00",
        said=state(session_id="2", project="editor", title="Sessions 1 and 2", phase="1", next_step="docs"),
        notes=notes("clean", "dead"),
    )
    commit(
        "2025-10-09T10:00:00-05:00", "memory tests", said=state(session_id="3", project="memory", phase="2")
    )
    commit("2025-10-09T10:10:00-05:00", "more tests", tests=notes("a test"))
    commit(
        "2025-10-09T20:00:00-05:00",
        said=state(
            session_id="5", project="editor", title="Session 5: validation", phase="5", status="complete",
            next_step="release", timestamp="2025-10-06T06:00:00Z",
        ),
        late=notes("Session 4: documentation", when="2025-10-08T14:00:00-05:00"),
    )  # fmt: skip
    commit("2025-10-18T12:00:00-05:00", "Repository cleanup complete", notes=notes())
    commit(
        "2025-10-29T22:05:00-05:00",
        said=state(session_id="6", project="skills", title="Planning", timestamp="2025-10-29T22:00:00Z"),
    )
    commit(
        "2025-10-30T18:00:00-05:00",
        said=state(
            session_id="7", project="skills", title="Phase 1 complete", next_step="Phase 2: skills",
            timestamp="2025-10-30T00:00:00Z",
        ),
    )  # fmt: skip
    workspace = Workspace.open(diary.tree)
    yield workspace
    workspace.close()


def test_sessions_are_told_newest_first_with_their_commits(october: Workspace) -> None:
    told = [
        (s.end.when.strftime("%d"), s.title, s.project, len(s.commits)) for s in october.timeline.sessions()
    ]
    assert told == [
        ("30", "Phase 1 complete", "skills", 1),
        ("29", "Planning", "skills", 1),
        ("18", "Repository cleanup complete", "", 1),
        ("09", "Session 5: validation", "editor", 1),
        ("09", "memory tests", "memory", 2),
        ("08", "Session 4: documentation", "", 0),
        ("06", "Sessions 1 and 2", "editor", 1),
        ("03", "Memory system, done", "memory", 2),
    ]


def test_every_commit_is_in_one_session(october: Workspace) -> None:
    told = [commit.rev for session in october.timeline.sessions() for commit in session.commits]
    assert sorted(told) == sorted(commit.rev for commit in october.tree.repositories[0].log())


def test_doubtful_times_are_marked(october: Workspace) -> None:
    last, planning, cleanup, validation, *_ = october.timeline.sessions()
    assert last.state.next_step == "Phase 2: skills"
    assert last.marks == ("2025-10-30T00:00:00Z is midnight; it may be a day without a time.",)
    assert planning.marks == ("The time in the state is the local time of its commit: it may not be UTC.",)
    assert not cleanup.stated
    assert {work.change for work in cleanup.work} == {"removed"}
    assert "The time in the state is 3 d 19 h before its commit." in validation.marks


def test_the_first_session_has_its_handoff_and_its_doubt(october: Workspace) -> None:
    *_, first = october.timeline.sessions()
    assert first.state.id == "memory-1"
    assert first.end.when == datetime.fromisoformat("2025-10-03T11:30:00-05:00")
    assert first.story[0].field == "title"
    assert [work.title for work in first.handoffs] == ["spec-architect"]
    assert [work.title for work in first.problems] == ["R & D"]
