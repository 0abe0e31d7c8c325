"""The commits that touched the tree, newest first, as they come out of git."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from collections.abc import Generator, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone

from index.git.objects import is_missing, not_here
from index.git.worktree import Worktree
from index.model.commits import LogStep, Revision, TouchedFile
from index.model.errors import Refused, as_clause

_FORMAT = "%H%x00%aN%x00%ad%x00%B"


def read_log(checkout: Worktree, head: str, places: Sequence[str], limit: int | None) -> Generator[Revision]:
    """Yield the commits reachable from `head` that changed one of some places in the repository.

    Rows come while git still works; closing the generator ends git.

    Raises Refused: git could not read the history.
    """
    prefix = checkout.prefix
    with contextlib.closing(read_steps(checkout, head, places, limit)) as steps:
        for step in steps:
            inside = [file for file in step.files if file.path.startswith(prefix)]
            files = tuple((file.status, checkout.in_tree(file.path)) for file in inside)
            yield Revision(step.rev, step.when, step.author, step.message, files)


def read_steps(
    checkout: Worktree, head: str, places: Sequence[str], limit: int | None, *, merges: bool = False
) -> Generator[LogStep]:
    """As `read_log`, with the contents; with `merges`, a merge names the files it made unlike all parents.

    Raises Refused: git could not read the history.
    """
    arguments = [
        "log",
        "-z",
        "--raw",
        "--no-abbrev",
        "--no-renames",
        "--no-color",
        "--no-decorate",
        "--no-notes",
        "--encoding=UTF-8",
        "--date=raw",
        "-O/dev/null",  # no diff.orderFile of the repository's choice
        *(["--diff-merges=combined"] if merges else []),
        f"--format={_FORMAT}",
        *([] if limit is None else [f"--max-count={limit}"]),
        head,
        "--",
        *places,
    ]
    with contextlib.closing(_fields(checkout.runner.stream(*arguments))) as fields:
        try:
            yield from _without_inventions(checkout, _steps(fields))
        except subprocess.CalledProcessError as error:
            if is_missing(error.stderr):
                raise not_here(checkout.runner) from error
            raise Refused(f"git cannot read the history: {as_clause(error.stderr)}.") from error


def _without_inventions(checkout: Worktree, steps: Iterator[LogStep]) -> Iterator[LogStep]:
    """Take the files of the oldest commits of a shallow clone for unchanged: their parents are not here."""
    cut, at = checkout.cut_off(), checkout.at
    for step in steps:
        if step.rev in cut:
            files = [file._replace(olds=(file.new,)) for file in step.files]
            step = step._replace(files=tuple(files), cut=True)
        yield step._replace(at=at) if at else step


def _fields(chunks: Generator[bytes]) -> Generator[str]:
    """Split at NUL, as the bytes come."""
    rest = b""
    with contextlib.closing(chunks):
        for chunk in chunks:
            *whole, rest = (rest + chunk).split(b"\0")
            for field in whole:
                yield os.fsdecode(field)


def _steps(source: Iterator[str]) -> Iterator[LogStep]:
    """Read commits of four fields, each followed by the pairs of its files.

    Any of the texts may hold anything but NUL, so a field is known by its place alone: after the four
    come pairs that begin with a colon, and a part without one is the id of the next commit. In front
    of a merge's pairs is an empty field.
    """
    following = next(source, None)
    while following is not None:
        rev, author, date, message = following, next(source), next(source), next(source)
        files = []
        following = next(source, None) or next(source, None)
        while following is not None and following.lstrip("\n").startswith(":"):
            files.append(_touched(following.lstrip("\n"), next(source)))
            following = next(source, None)
        author = author.removeprefix("%aN")  # as git leaves it where there is no name
        yield LogStep(rev, _moment(date), _text(author), _text(message).rstrip("\n"), tuple(files))


def _touched(about: str, path: str) -> TouchedFile:
    """Read `:100644 100644 OLD NEW M`, of a merge `::MODE MODE MODE OLD OLD NEW MM`.

    https://git-scm.com/docs/diff-format
    """
    parents = len(about) - len(about.lstrip(":"))
    *ids, new, status = about.split(" ")[parents + 1 :]
    return TouchedFile(status, path, tuple(_blob(old) for old in ids), _blob(new))


def _blob(object_id: str) -> str:
    """Return the id, empty for the zeros that mean no file."""
    return object_id if object_id.strip("0") else ""


def _text(field: str) -> str:
    """Return text of the commit itself: bytes that are no UTF-8 become a mark."""
    return os.fsencode(field).decode("utf-8", "replace")


def _moment(date: str) -> datetime:
    """Read seconds and offset, `1759500000 +0200`; forged ones become the nearest that can be told."""
    match = re.fullmatch(r"(-?\d+) ([+-])(\d+)(\d\d)", date.strip())
    if match is None:
        return datetime.fromtimestamp(0, UTC)
    seconds, sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    zone = timezone(-offset if sign == "-" else offset) if offset < timedelta(days=1) else UTC
    # A day inside the years 1 and 9999 keeps every zone inside what datetime can hold.
    return datetime.fromtimestamp(min(max(int(seconds), -62_135_500_000), 253_402_200_000), zone)
