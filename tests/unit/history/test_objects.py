"""Many objects of a repository, read at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.git.objects import names_in
from index.git.repository import Repository
from tests.support.work import Work


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_each_name_is_answered(make_work: Callable[..., Work], form: str) -> None:
    work = make_work("project", f"--object-format={form}")
    rev = work.commit("memories/a b.xml", b"one\n\ntwo")
    work.commit("memories/empty.xml", b"")
    rev = work.commit("memories/ümlaut.xml", b"three\n")
    repository = Repository.find(work.tree)
    assert repository is not None
    names = [f"{rev}:memories{path}" for path in ("", "/a b.xml", "/ümlaut.xml", "/none", "/empty.xml")]
    found = {name: (kind, data) for name, _, kind, data in repository.many(names)}
    assert found[names[1]] == ("blob", b"one\n\ntwo")
    assert found[names[2]] == ("blob", b"three\n")
    assert found[names[3]] == ("", None)
    assert found[names[4]] == ("blob", b"")
    kind, tree = found[names[0]]
    assert kind == "tree"
    assert tree is not None
    held = names_in(tree, len(rev) // 2)
    assert sorted(held) == ["a b.xml", "empty.xml", "ümlaut.xml"]
    assert held["a b.xml"] == work.git("rev-parse", f"{rev}:memories/a b.xml")


def test_what_is_large_comes_without_content(make_work: Callable[..., Work]) -> None:
    work = make_work("project")
    rev = work.commit("memories/large.xml", b"x" * (1 << 20) + b"y")
    work.commit("memories/small.xml", b"x" * (1 << 20))
    repository = Repository.find(work.tree)
    assert repository is not None
    large, small = f"{rev}:memories/large.xml", "HEAD:memories/small.xml"
    found = {name: (object_id, data) for name, object_id, _, data in repository.many([large, small])}
    assert found[large] == (work.git("rev-parse", large), None)
    assert found[small][1] == b"x" * (1 << 20)


def test_a_name_that_is_no_line_is_left_out(make_work: Callable[..., Work]) -> None:
    work = make_work("project")
    rev = work.commit("memories/a.xml", b"one")
    repository = Repository.find(work.tree)
    assert repository is not None
    asked = ["", f"{rev}:two\nlines", "HEAD:\udcff", f"{rev}:memories/a.xml"]
    assert [name for name, *_ in repository.many(asked)] == [f"{rev}:memories/a.xml"]
    assert list(repository.many([])) == []
