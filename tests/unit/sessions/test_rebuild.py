"""Sessions rebuilt from real repositories, and from entries' times alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from index.commands.demo import make_demo
from index.model.commits import LogStep
from index.sessions import rebuild
from index.sessions.model import Session
from index.sessions.past_states import PastStates
from index.sessions.rebuild import Rebuilder
from index.workspace import Workspace
from tests.support.diary import Diary, notes, state
from tests.support.home import Home


def days(diary: Diary) -> list[tuple[str, int]]:
    return [(s.end.when.strftime("%m-%d %H:%M"), len(s.commits)) for s in diary.sessions()]


def test_a_state_that_says_when_it_began_claims_what_happened_since(diary: Diary) -> None:
    diary.commit("2025-10-02T07:00:00Z", "early", notes=notes("before it"))
    diary.commit("2025-10-02T13:00:00Z", "late", notes=notes("before it", "in it"))
    diary.commit(
        "2025-10-02T19:00:00Z", "session: end",
        session_context__active_project=state(title="Export", started="2025-10-02T12:00:00Z", status="done"),
    )  # fmt: skip
    session, earlier = diary.sessions()
    assert (session.title, session.start.when.hour, len(session.commits)) == ("Export", 12, 2)
    assert session.length == timedelta(hours=7)
    assert (earlier.title, [work.title for work in earlier.work]) == ("early", ["before it"])
    assert not earlier.stated


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"session_id": "1"}, {"session_id": "2"}),
        ({"session_date": "2025-10-02"}, {"session_date": "2025-10-03"}),
        ({"project": "shop"}, {"project": "billing"}),
        ({"phase": "design"}, {"phase": "build"}),
    ],
)
def test_another_id_date_project_or_phase_starts_a_session(
    diary: Diary, before: dict[str, str], after: dict[str, str]
) -> None:
    diary.commit("2025-10-02T10:00:00Z", session_context__active_project=state(**before, status="a"))
    diary.commit("2025-10-02T10:20:00Z", session_context__active_project=state(**before, status="b"))
    diary.commit("2025-10-02T11:00:00Z", session_context__active_project=state(**after, status="c"))
    assert days(diary) == [("10-02 11:00", 1), ("10-02 10:20", 2)]


def test_a_pause_of_hours_starts_a_session_unless_the_id_says_otherwise(diary: Diary) -> None:
    diary.commit("2025-10-02T08:00:00Z", session_context__active_project=state(phase="x", status="a"))
    diary.commit("2025-10-02T13:00:00Z", session_context__active_project=state(phase="x", status="b"))
    assert days(diary) == [("10-02 13:00", 1), ("10-02 08:00", 1)]
    diary.commit("2025-10-03T08:00:00Z", session_context__active_project=state(session_id="7", status="a"))
    diary.commit("2025-10-03T13:00:00Z", session_context__active_project=state(session_id="7", status="b"))
    diary.commit("2025-10-04T13:00:00Z", session_context__active_project=state(session_id="7", status="c"))
    assert days(diary)[:2] == [("10-04 13:00", 1), ("10-03 13:00", 2)]


def test_work_between_two_states_goes_to_the_nearer_one(diary: Diary) -> None:
    diary.commit("2025-10-02T08:00:00Z", session_context__active_project=state(project="one", status="a"))
    diary.commit("2025-10-02T08:30:00Z", "after one", a=notes("a"))
    diary.commit("2025-10-02T10:30:00Z", "before two", b=notes("b"))
    diary.commit("2025-10-02T11:00:00Z", session_context__active_project=state(project="two", status="b"))
    assert [(s.project, [c.message for c in s.commits]) for s in diary.sessions()] == [
        ("two", ["before two", "work"]),
        ("one", ["work", "after one"]),
    ]


def test_without_a_session_state_days_are_the_sessions(diary: Diary) -> None:
    diary.commit("2025-10-02T06:00:00Z", "memory: one", a=notes("a"))
    diary.commit("2025-10-02T22:00:00Z", "memory: two", b=notes("b"))
    diary.commit("2025-10-03T01:00:00Z", "memory: three", c=notes("c"))
    assert days(diary) == [("10-03 01:00", 1), ("10-02 22:00", 2)]
    assert [s.title for s in diary.sessions()] == ["three", "two, and 1 more"]


def test_an_entry_is_told_of_at_its_own_time_and_not_with_its_import(diary: Diary) -> None:
    diary.commit("2025-10-20T10:00:00Z", "import", a=notes("old", when="2025-09-01T15:00:00Z"), b=notes("x"))
    late, early = diary.sessions()
    assert [work.title for work in late.work] == ["x"]
    assert [(work.title, work.change) for work in early.work] == [("old", "added")]
    assert (early.end.when.day, early.end.sure, early.commits) == (1, "clock", ())


def test_what_became_of_an_entry_in_a_session_is_told_once(diary: Diary) -> None:
    diary.commit("2025-10-02T08:00:00Z", a=notes("kept", "gone", "read"))
    diary.commit("2025-10-03T08:00:00Z", a=notes("kept", "gone", "read", "new").replace("what", "all"))
    diary.commit("2025-10-03T09:00:00Z", a=notes("kept", "read", "new").replace("what", "more"))
    changed = {work.title: work.change for work in diary.sessions()[0].work}
    assert changed == {"kept": "edited", "gone": "removed", "read": "edited", "new": "added"}


def test_works_without_git_from_times_alone(plain: Diary) -> None:
    plain.write("a.xml", notes("early", when="2025-10-02T13:00:00Z"))
    plain.write("b.xml", notes("day", when="2025-10-01"))
    plain.write(
        "session-context/active-project.xml",
        state(
            title="Now", timestamp="2025-10-02T15:00:00Z", started="2025-10-02T12:30:00Z", next_step="go on"
        ),
    )
    session, day = plain.sessions()
    assert (session.title, session.state.next_step, session.start.when.hour) == ("Now", "go on", 12)
    assert [work.title for work in session.work] == ["early", "Now"]
    assert (day.title, day.end.sure, day.length) == ("day", "day", timedelta())
    assert "Only the day is known, not the time." in day.marks


def test_a_state_that_is_not_committed_is_the_running_session(diary: Diary) -> None:
    diary.commit("2025-10-02T08:00:00Z", session_context__active_project=state(project="one", status="a"))
    diary.write("session-context/active-project.xml", state(project="two", status="TIMESTAMP"))
    running, before = diary.sessions()
    assert (running.project, running.before.project) == ("two", "one")
    assert "The session state names no time; it counts as of now." in running.marks
    assert before.project == "one"


def test_clocks_that_run_backwards_and_ahead_are_marked(diary: Diary) -> None:
    diary.commit("2025-10-05T08:00:00Z", "first", a=notes("a"))
    back = diary.commit("2025-10-02T08:00:00Z", "second", b=notes("b"))
    diary.commit("2026-10-02T08:00:00Z", "third", c=notes("c"))
    ahead, first, second = diary.sessions()
    assert ahead.marks == ("It has a time that lies in the future.",)
    assert first.marks == ()
    assert second.marks[0].startswith(f"Commit {back[:7]} is dated 3 d before ")


def test_times_that_are_none_are_marked(diary: Diary) -> None:
    diary.commit(
        "2025-10-02T08:00:00Z",
        session_context__active_project=state(project="x", last_updated="TIMESTAMP", started="after lunch"),
    )
    assert diary.sessions()[0].marks == (
        "last-updated still holds the placeholder TIMESTAMP.",
        "started names no time: after lunch",
    )


def test_a_merge_starts_no_session(diary: Diary) -> None:
    diary.commit("2025-10-02T08:00:00Z", session_context__active_project=state(project="one", status="a"))
    diary.git("checkout", "--quiet", "-b", "side")
    diary.commit("2025-10-02T09:00:00Z", a=notes("a"))
    diary.git("checkout", "--quiet", "main")
    diary.commit("2025-10-02T09:10:00Z", b=notes("b"))
    diary.git("merge", "--quiet", "--no-edit", "side", when="2025-10-02T09:20:00Z")
    assert [(s.project, len(s.commits), len(s.work)) for s in diary.sessions()] == [("one", 4, 3)]


def test_the_query_asks_each_piece_of_work(diary: Diary) -> None:
    decision = "<decision><title>{}</title><project>shop</project><status>done</status></decision>"
    decision = f"<decisions>{decision}</decisions>"
    diary.commit("2025-09-02T08:00:00Z", "september", decisions=decision.format("Old"))
    diary.commit(
        "2025-10-02T08:00:00Z", "october", decisions=decision.format("New"), a=notes("pool exhausted")
    )
    diary.commit("2025-10-04T08:00:00Z", "later", b=notes("other"))

    def found(query: str) -> list[str]:
        return [session.title for session in diary.sessions(query)]

    assert found("kind:decision project:shop after:2025-10") == ["october"]
    assert found("kind:decision") == ["october", "september"]
    assert found("exhaustion") == ["october"]
    assert found("is:deleted") == ["october"]
    assert found("kind:note -exhausted") == ["later"]
    assert found("later") == ["later"]


def test_sessions_before_the_days_that_are_asked_for_are_not_looked_into(
    diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in ("2025-09-01", "2025-10-01", "2025-10-05", "2025-10-09"):
        diary.commit(f"{day}T08:00:00Z", day, a=notes(day))
    looked: list[str] = []
    complete = Rebuilder.complete

    def noted(rebuilder: Rebuilder, session: Session) -> Session:
        looked.append(session.title)
        return complete(rebuilder, session)

    monkeypatch.setattr(Rebuilder, "complete", noted)
    for query, found in (
        ("kind:note after:2025-10-05", 2),
        ("on:2025-10-05", 1),
        ("on:2025-10-05..", 2),
        ("after:2025-10-05 OR kind:note", 4),
        ("-after:2025-10-05", 2),
        ("after:0001-01-01", 4),
    ):
        looked.clear()
        assert len(diary.sessions(query)) == found, query
        bounded = query.startswith(("kind:note after", "on:"))
        assert looked == ["2025-10-09", "2025-10-05"] if bounded else len(looked) == 4, query


def test_what_is_kept_of_commits_says_the_same(diary: Diary, home: Home) -> None:
    diary.commit("2025-10-02T08:00:00Z", a=notes("kept", "gone"))
    diary.commit("2025-10-03T08:00:00Z", a=notes("kept").replace("what", "more"))
    first = diary.sessions()
    assert diary.sessions() == first
    for broken in (b"", b"no database", b"\0" * 4096):
        (kept,) = home.cache.rglob("commits.sqlite")
        kept.write_bytes(broken)
        assert diary.sessions() == first


def test_the_first_and_the_last_year(plain: Diary) -> None:
    plain.write("a.xml", notes("first", when="0001-01-01T00:30:00+14:00"))
    plain.write("b.xml", notes("last", when="9999-12-31T23:30:00-12:00"))
    plain.write("session-context/active-project.xml", state(started="0001-01-01T01:00:00Z", title="Now"))
    last, now, first = plain.sessions()
    assert (last.title, now.title, first.title) == ("last", "Now", "first")
    assert last.marks == ("It has a time that lies in the future.",)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(b"\xff\xfe\xff", id="half a character"),
        pytest.param(b"\0" * 400, id="zeros"),
        pytest.param(b"<a>" * 300 + b"x", id="too deep"),
        pytest.param(b"<p>a < b</p>" * 2100, id="too broken"),
    ],
)
def test_a_state_that_cannot_be_read_is_passed_over(diary: Diary, damage: bytes) -> None:
    place = diary.tree / "session-context/active-project.xml"
    for day, status in ((1, "a"), (2, "b"), (4, "d")):
        told = state(project="shop", session_id=str(day), status=status)
        if day == 4:
            place.write_bytes(damage)
            broken = diary.commit("2025-10-03T08:00:00Z", "damage")
        diary.commit(f"2025-10-0{day}T08:00:00Z", session_context__active_project=told)
    last, torn, *_ = diary.sessions()
    assert (last.before.status, last.after.status) == ("b", "d")
    assert (torn.before.status, torn.after.status, torn.stated) == ("b", "b", False)
    said = f"session-context/active-project.xml cannot be read as commit {broken[:7]} left it."
    assert torn.marks == (said,)
    assert last.marks == ()


def test_a_state_that_cannot_be_read_now_is_no_session_of_its_own(diary: Diary) -> None:
    record = (
        "<session-summary><title>Over</title><timestamp>2025-09-01T08:00:00Z</timestamp></session-summary>"
    )
    diary.commit("2025-10-01T08:00:00Z", "over", session_context__old=record)
    diary.commit("2025-10-02T08:00:00Z", session_context__active_project=state(project="shop", status="a"))
    (diary.tree / "session-context/active-project.xml").write_bytes(b"\0" * 400)
    diary.commit("2025-10-03T08:00:00Z", "damage")
    assert [(s.title, s.before.project) for s in diary.sessions()][:2] == [("damage", "shop"), ("work", "")]


def test_an_empty_repository_has_no_sessions(diary: Diary) -> None:
    assert diary.sessions() == []


def test_what_is_read_ahead_holds_until_something_changes(tmp_path: Path) -> None:
    workspace = Workspace.open(make_demo(tmp_path))
    workspace.tree.load()
    timeline = workspace.timeline
    assert timeline.newest() == ()
    timeline.read_ahead(3)
    assert list(timeline.newest()) == list(timeline.outlines())[:3]
    entry = next(entry for entry in workspace.tree.entries() if entry.group == "solution")
    workspace.committer.commit(workspace.planner.edit(entry.id, {entry.fields[0].name: "another text"}))
    assert timeline.newest() == ()
    workspace.close()


def test_the_demo_tells_a_story(tmp_path: Path) -> None:
    workspace = Workspace.open(make_demo(tmp_path))
    sessions = [session for session in workspace.timeline.sessions() if session.stated]
    workspace.close()
    assert [session.title for session in sessions][:4] == [
        "Cursor pagination for the order export",
        "Export timeouts on archived orders",
        "Outbox table, part two",
        "Webhook signatures after the proxy upgrade",
    ]
    last = sessions[0]
    assert (last.project, last.state.phase) == ("shop-api", "3 of 5: cursor pagination")
    assert last.state.blockers == ("staging replica lags by 40 minutes",)
    assert [change.field for change in last.story][:3] == ["title", "phase", "status"]
    assert "Keyset on (created_at, id), not on id alone" in [work.title for work in last.work]
    assert all(not session.marks for session in sessions)


def test_what_is_read_ahead_changes_nothing(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(1, 9):
        told = state(project=f"p{day % 3}", status=f"day {day}")
        diary.commit(f"2025-10-0{day}T08:00:00Z", f"work {day}", session_context__active_project=told)
        diary.commit(f"2025-10-0{day}T09:00:00Z", a=notes(*(f"entry {n}" for n in range(day))))
    read: list[int] = []
    ahead = PastStates.ahead
    monkeypatch.setattr(rebuild, "_FIRST_STEPS", 3)

    def count(states: PastStates, steps: list[LogStep]) -> None:
        read.append(len(steps))
        ahead(states, steps)

    monkeypatch.setattr(PastStates, "ahead", count)
    together = diary.sessions()
    assert read == [3, 6, 7]
    monkeypatch.setattr(PastStates, "ahead", lambda states, steps: None)
    assert diary.sessions() == together
    assert [session.state.status for session in together] == [f"day {day}" for day in range(8, 0, -1)]
