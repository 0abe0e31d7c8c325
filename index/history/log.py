"""The commits that touched the tree, newest first, as they come out of git."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from index.history.checkout import Checkout
from index.history.errors import Refused, clean_words

_FORMAT = "%H%x00%an%x00%ad%x00%B"


class Revision(NamedTuple):
    """One commit."""

    rev: str
    """Full id."""
    when: datetime
    """When the author made it, in the author's time zone."""
    author: str
    message: str
    """Whole, without the line break at its end."""
    files: tuple[tuple[str, str], ...]
    """Status (`A` added, `M` modified, `D` deleted, `T` type changed) and path relative to the tree, as
    `os.fsdecode` gives it. A rename is a `D` and an `A`. A merge names none: what it brought stands in the
    commits it merged."""


def read_log(checkout: Checkout, head: str, path: str, limit: int | None) -> Generator[Revision]:
    """Yield the commits reachable from `head` that changed a path of the repository.

    Rows come while git still works; closing the generator ends git.

    Raises:
        Refused: git could not read the history.
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
        "--no-mailmap",
        "--encoding=UTF-8",
        "--date=raw",
        "-O/dev/null",  # no diff.orderFile of the repository's choice
        f"--format={_FORMAT}",
        *([] if limit is None else [f"--max-count={limit}"]),
        head,
        "--",
        path,
    ]
    with contextlib.closing(_fields(checkout.runner.stream(*arguments))) as fields:
        try:
            yield from _revisions(fields, checkout.prefix)
        except subprocess.CalledProcessError as error:
            raise Refused(f"git cannot read the history: {clean_words(error.stderr)}") from error


def _fields(chunks: Generator[bytes]) -> Generator[str]:
    """Split at NUL, as the bytes come."""
    rest = b""
    with contextlib.closing(chunks):
        for chunk in chunks:
            *whole, rest = (rest + chunk).split(b"\0")
            for field in whole:
                yield os.fsdecode(field)


def _revisions(source: Iterator[str], prefix: str) -> Iterator[Revision]:
    """Read commits of four fields, each followed by the pairs of its files.

    Any of the texts may hold anything but NUL, so a field is known by its place alone: after the four
    come pairs that begin with a colon, and what does not begin so is the id of the next commit.
    """
    following = next(source, None)
    while following is not None:
        rev, author, date, message = following, next(source), next(source), next(source)
        files = []
        following = next(source, None)
        while following is not None and following.lstrip("\n").startswith(":"):
            path = next(source)
            if path.startswith(prefix):
                # ":100644 100644 OLD NEW M": https://git-scm.com/docs/diff-format
                files.append((following.rsplit(" ", 1)[1], path.removeprefix(prefix)))
            following = next(source, None)
        yield Revision(rev, _moment(date), _text(author), _text(message).rstrip("\n"), tuple(files))


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
    # A day inside year 9999 keeps every zone inside what datetime can hold.
    return datetime.fromtimestamp(min(max(int(seconds), 0), 253_402_200_000), zone)
