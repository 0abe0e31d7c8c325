"""What a session state says, in whatever words."""

from __future__ import annotations

from datetime import datetime

import pytest

from index.formats.xml.elements import read_content
from index.formats.xml.entries import read_entries
from index.model.entry import Entry
from index.model.moments import read_moment
from index.sessions.state import SessionState, changes, read_state, read_states
from index.sessions.state_vocabulary import load

FILE = "session-context/active-project.xml"


def entries(markup: str, path: str = FILE) -> list[Entry]:
    return read_entries(read_content(markup.encode()), path)


def said(inside: str) -> SessionState:
    return read_state(entries(f"<session-context>{inside}<x>y</x></session-context>"))


@pytest.mark.parametrize(
    ("field", "markup", "text"),
    [
        ("project", "<metadata><project-name>shop</project-name><a>b</a></metadata>", "shop"),
        ("project", "<project><name>shop</name><path>/x</path></project>", "shop"),
        ("status", "<active-work><current-status>green</current-status><a>b</a></active-work>", "green"),
        ("status", "<project><name>p</name><status>60%</status></project>", "60%"),
        ("phase", "<current-phase><name>build</name><started>2025-10-03</started></current-phase>", "build"),
        ("phase", "<current-phase name='test' status='open'/>", "test"),
        ("task", "<currentTask>cursor</currentTask>", "cursor"),
        ("task", "<todo-status>3 of 8</todo-status>", "3 of 8"),
        ("next_step", "<next-action>deploy</next-action>", "deploy"),
        ("next_step", "<active-work><next-phase>Phase 2</next-phase><a>b</a></active-work>", "Phase 2"),
        ("next_step", "<next-steps><step>a</step><step>b</step></next-steps>", "a; b"),
        (
            "next_step",
            "<next-session><name>Session 3</name><duration>2 h</duration></next-session>",
            "Session 3",
        ),
        ("last_action", "<last-action>merged</last-action>", "merged"),
        ("id", "<metadata><session-id>s-7</session-id><a>b</a></metadata>", "s-7"),
    ],
)
def test_names_vary(field: str, markup: str, text: str) -> None:
    assert getattr(said(markup), field) == text


@pytest.mark.parametrize(
    ("markup", "blockers"),
    [
        ("<blockers><blocker>replica lags</blocker></blockers>", ("replica lags",)),
        ("<blockers>replica lags</blockers>", ("replica lags",)),
        ("<blockers><blocker status='resolved'><description>a</description></blocker></blockers>", ()),
        (
            "<blockers><blocker status='open'><description>a</description><since>x</since></blocker>"
            "<blocker><description>b</description><status>Resolved: yes</status></blocker></blockers>",
            ("a",),
        ),
        ("<blockers>None.</blockers>", ()),
        ("<blockers/>", ()),
        ("<blockers>old</blockers><no-blockers>All done</no-blockers>", ()),
    ],
)
def test_blockers_that_still_block(markup: str, blockers: tuple[str, ...]) -> None:
    assert said(markup).blockers == blockers


def test_files_beside_it_say_what_it_does_not() -> None:
    phase = "<current-phase><name>2 of 3</name><a>b</a></current-phase>"
    phase = f"<phase-status><project>shop</project>{phase}</phase-status>"
    beside = entries(phase, "session-context/phase-status.xml")
    main = entries("<active-project><project>shop</project><status>green</status></active-project>")
    assert (read_state(main + beside).phase, read_state(main + beside).status) == ("2 of 3", "green")
    other = entries("<active-project><project>billing</project><status>green</status></active-project>")
    assert read_state(other + beside).phase == ""


def test_the_newest_state_holds_and_a_project_can_be_asked_for() -> None:
    one = "<active-project><project>{}</project><timestamp>{}</timestamp></active-project>"
    both = entries(one.format("old", "2025-10-01T10:00:00Z"), "session-context/a.xml")
    both += entries(one.format("new", "2025-10-02T10:00:00Z"), "session-context/b.xml")
    assert [state.project for state in read_states(both)] == ["new", "old"]
    assert read_state(both, "OLD").project == "old"
    assert not read_state(both, "none")


def test_a_template_is_no_state() -> None:
    assert not read_state(entries("<active-project><project/><status>TIMESTAMP</status></active-project>"))


def test_changes_in_reading_order() -> None:
    before = SessionState(phase="1", status="open", blockers=("a",), entry="x")
    after = SessionState(title="T", phase="2", status="open", blockers=("a", "b"), entry="x")
    assert [tuple(change) for change in changes(before, after)] == [
        ("title", (), ("T",)),
        ("phase", ("1",), ("2",)),
        ("blockers", ("a",), ("a", "b")),
    ]


@pytest.mark.parametrize(
    ("text", "iso", "sure"),
    [
        ("2025-10-03T14:30:00Z", "2025-10-03T14:30:00+00:00", "clock"),
        ("2025-10-03 14:30 +02:00", "2025-10-03T14:30:00+02:00", "clock"),
        ("2025-10-03T14:30", "2025-10-03T14:30:00+00:00", "zone"),
        ("2025-10-03T00:00:00Z", "2025-10-03T00:00:00+00:00", "midnight"),
        ("2025-10-03", "2025-10-03T00:00:00+00:00", "day"),
        ("3 October 2025", "2025-10-03T00:00:00+00:00", "day"),
        ("2025-10", "2025-10-01T00:00:00+00:00", "month"),
        ("Friday, October 3, 2025, after lunch", "2025-10-03T00:00:00+00:00", "prose"),
    ],
)
def test_moments_and_how_sure_they_are(text: str, iso: str, sure: str) -> None:
    moment = read_moment(text)
    assert moment is not None
    assert (moment.when, moment.sure) == (datetime.fromisoformat(iso), sure)
    assert bool(moment.note) == (sure != "clock")


@pytest.mark.parametrize("text", ["TIMESTAMP", "~5 hours", "", "soon", "13 of 14 in 2025", "2025-13-45"])
def test_what_is_no_moment(text: str) -> None:
    assert read_moment(text) is None


def test_a_user_adds_words(tmp_path: object) -> None:
    from pathlib import Path

    extra = Path(str(tmp_path)) / "vocabulary.toml"
    extra.write_text('[session-fields]\nnext-step = ["onward"]\n[session-words]\nnone = ["keine"]\n')
    words = load(extra)
    assert words.fields["onward"] == (("next-step", 0),)
    assert {"keine", "none"} <= words.none
    extra.write_text("no = [toml")
    assert "onward" not in load(extra).fields
