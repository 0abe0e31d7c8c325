"""A session tells what became of an entry in the end, not what its commits did on the way."""

from __future__ import annotations

import pytest

from tests.support.diary import Diary

A, B = "<id>N-1</id><title>One</title>", "<id>N-2</id><title>Two</title>"


def _notes(*entries: str, text: str = "what it says", when: str = "") -> str:
    time = f"<timestamp>{when}</timestamp>" if when else ""
    inside = "".join(f"<note>{one}{time}<text>{text}</text></note>" for one in entries)
    return f"<notes>{inside}</notes>"


@pytest.mark.parametrize("when", ["", "2025-09-01T10:00:00Z"])
@pytest.mark.parametrize(
    ("between", "after", "told"),
    [
        pytest.param({"a": _notes(B)}, {"a": _notes(A, B)}, [], id="removed and restored"),
        pytest.param({"a": _notes(A, B, text="x")}, {"a": _notes(A, B)}, [], id="edited and back"),
        pytest.param({"a": _notes(B)}, {"a": _notes(B, A)}, [], id="restored elsewhere in the file"),
        pytest.param({"a": "<notes/>"}, {"a": _notes(A, B)}, [], id="a whole file"),
        pytest.param(
            {"a": _notes(B), "b": _notes(A)}, {"a": _notes(A, B), "b": "<notes/>"}, [], id="moved and back"
        ),
        pytest.param(
            {"a": _notes(B)}, {"b": _notes(A)}, [("b.xml#N-1", "edited", "moved from a.xml")],
            id="cut here, put there",
        ),
        pytest.param(
            {"a": _notes(A, B, "<id>N-3</id><title>New</title>")}, {"a": _notes(A, B)}, [],
            id="added and removed",
        ),
        pytest.param(
            {"a": _notes(B)}, {"a": _notes(B, A, text="what it says").replace("One", "Uno")},
            [("a.xml#N-1", "edited", "removed and added again")], id="restored with another title",
        ),
        pytest.param(
            {"a": _notes(A, B).replace("One", "Uno")}, {"a": _notes(B)}, [("a.xml#N-1", "removed", "")],
            id="edited and removed",
        ),
        pytest.param(
            {"a": _notes(A, B).replace("One", "Uno")}, {"a": _notes(A, B).replace("One", "Eins")},
            [("a.xml#N-1", "edited", "title One → Uno; title Uno → Eins")], id="edited twice",
        ),
    ],
)  # fmt: skip
def test_the_net_of_a_session(
    diary: Diary, between: dict[str, str], after: dict[str, str], told: list[tuple[str, str, str]], when: str
) -> None:
    time = f"<timestamp>{when}</timestamp>" if when else ""

    def dated(files: dict[str, str]) -> dict[str, str]:
        return {name: text.replace("</title>", f"</title>{time}") for name, text in files.items()}

    diary.commit("2025-10-01T08:00:00Z", **dated({"a": _notes(A, B)}))
    diary.commit("2025-10-03T08:00:00Z", **dated(between))
    diary.commit("2025-10-03T09:00:00Z", **dated(after))
    last = diary.sessions()[0]
    assert len(last.commits) == 2
    assert [(work.id, work.change, work.summary) for work in last.work] == told
    found = {(work.was, work.since) for work in last.work if work.change == "edited"}
    assert found <= {("a.xml#N-1", last.commits[0].rev)}, "as the session found it"
    assert [w.change for w in diary.sessions()[0].work] == [change for _, change, _ in told], "from the cache"


def test_a_renamed_file_keeps_its_entries(diary: Diary) -> None:
    diary.commit("2025-10-01T08:00:00Z", a=_notes(A, B))
    diary.git("mv", "memories/a.xml", "memories/c.xml")
    diary.commit("2025-10-03T08:00:00Z")
    assert {work.summary for work in diary.sessions()[0].work} == {"moved from a.xml"}
    diary.git("mv", "memories/c.xml", "memories/a.xml")
    diary.commit("2025-10-03T09:00:00Z")
    assert diary.sessions()[0].work == ()
