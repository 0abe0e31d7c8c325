"""A change of many entries of which others delete some meanwhile: the rest is changed, and they are told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.model.errors import Conflict
from index.model.plan import Plan
from index.workspace import Workspace
from tests.support.work import Work


def lesson(key: str, title: str, level: int = 1) -> str:
    return (
        f'<lesson id="{key}"><timestamp>2025-10-03T14:30:00Z</timestamp><title>{title}</title>'
        f"<level>{level}</level><tags>a</tags></lesson>\n"
    )


def lessons(*entries: str) -> bytes:
    return f"<lessons>\n{''.join(entries)}</lessons>\n".encode()


ONE, TWO, THREE = (lesson(f"L-{n}", f"Number {n}") for n in range(1, 4))
OTHER = (
    """<lesson id="X-1"><title>What others wrote meanwhile</title><description>Long.</description></lesson>"""
)
HERE, THERE = "memories/here.xml", "memories/there.xml"
IDS = ["here.xml#L-1", "here.xml#L-2", "there.xml#L-3"]
MAKE: dict[str, tuple[Callable[[Workspace], Plan], str]] = {
    "a tag": (lambda w: w.planner.rename_tag("a", "z"), "<tags>z</tags>"),
    "a field": (lambda w: w.planner.set_field(IDS, "level", "3"), "<level>3</level>"),
}


Others = Callable[[Work, str, bytes], object]


@pytest.fixture
def work(make_work: Callable[..., Work]) -> Work:
    work = make_work()
    work.commit(HERE, lessons(ONE, TWO))
    work.commit(THERE, lessons(THREE))
    return work


@pytest.mark.parametrize("name", MAKE)
@pytest.mark.parametrize("write", [Work.commit, Work.write])
def test_an_entry_that_is_gone_is_passed_over(work: Work, name: str, write: Others) -> None:
    make, done = MAKE[name]
    workspace = Workspace.open(work.tree)
    plan = make(workspace)
    write(work, HERE, lessons(TWO, OTHER))
    saved = workspace.committer.commit(plan)
    assert (work.root / HERE).read_text().count(done) == 1
    assert (work.root / THERE).read_text().count(done) == 1
    assert "Number 1" not in (work.root / HERE).read_text()
    assert "removed “Number 1”" in saved.warning
    assert saved.anew is not None
    assert len(saved.anew.entries) == 2
    assert "in 2 entries" in work.git("log", "-1", "--format=%s") or name == "a field"
    workspace.close()


@pytest.mark.parametrize("name", MAKE)
def test_a_file_that_is_gone_is_passed_over(work: Work, name: str) -> None:
    make, done = MAKE[name]
    workspace = Workspace.open(work.tree)
    plan = make(workspace)
    work.git("rm", "-q", THERE)
    work.git("commit", "-q", "-m", "gone")
    saved = workspace.committer.commit(plan)
    assert (work.root / HERE).read_text().count(done) == 2
    assert not (work.root / THERE).exists()
    assert "removed “Number 3”" in saved.warning
    workspace.close()


def test_a_field_that_both_set_is_still_refused(work: Work) -> None:
    make, _ = MAKE["a field"]
    workspace = Workspace.open(work.tree)
    plan = make(workspace)
    work.commit(HERE, lessons(lesson("L-1", "Number 1", 5), TWO))
    with pytest.raises(Conflict, match="changed level of “Number 1” as well"):
        workspace.committer.commit(plan)
    workspace.close()


def test_a_tag_in_another_form_of_unicode_is_renamed_in_another_file(work: Work) -> None:
    work.commit(THERE, lessons(THREE.replace("<tags>a", "<tags>cafe\u0301")))
    work.commit(HERE, lessons(ONE.replace("<tags>a", "<tags>caf\u00e9")))
    workspace = Workspace.open(work.tree)
    plan = workspace.planner.rename_tag("caf\u00e9", "tea")
    assert len(plan.entries) == 2
    workspace.close()
