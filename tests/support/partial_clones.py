"""A repository of which a clone may leave something out."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.git import git
from tests.support.work import Work

FILE = "memories/lessons.xml"


TEXT = (
    '<lessons><lesson id="L-1"><title>One</title><fix>{}</fix></lesson>'
    '<lesson id="L-2"><title>Two</title><fix>{}</fix></lesson></lessons>\n'
)


def past(make_work: Callable[..., Work]) -> Work:
    work = make_work("origin")
    work.git("config", "uploadpack.allowFilter", "true")
    for word in ("alpha", "beta", "gamma"):
        work.commit(FILE, TEXT.format(word, word).encode())
    return work


def clone(work: Work, *options: str) -> Work:
    target = work.root.parent / "clone"
    git(work.root, "clone", "-q", *options, work.root.as_uri(), str(target))
    return Work(target)
