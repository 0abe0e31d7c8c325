"""Addresses in a text: URLs, paths of files, and names of other memories in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_MOST = 200_000
"""Letters of a text in which addresses are looked for."""
_URL = r"https?://[^\s<>\"'`|\\^{}\u200b\ufeff]{1,2000}"
_WIKI = r"\[\[(?P<wiki>[^\[\]\r\n|#]{1,200})(?:[#|][^\[\]\r\n]{0,200})?\]\]"
_MEMORY = r"(?<![\w:/])mem:(?P<memory>[\w./-]{1,200})"
_SIGN = r"[\w\u0300-\u036f.@+-]"
"""A sign of a name, or an accent apart from its letter."""
_NAME = rf"{_SIGN}{{0,100}}\.[A-Za-z]\w{{0,9}}"
_PATH = rf"(?<![\w.@~:/\\$%-])(?:/|\.{{1,2}}/)?(?:{_SIGN}{{1,100}}/){{0,20}}{_NAME}(?::\d{{1,7}})?(?![\w/\\])"
_ADDRESS = re.compile(rf"(?P<url>{_URL})|{_WIKI}|{_MEMORY}|(?P<path>{_PATH})")
_LINE = re.compile(r":(\d{1,7})$")
_PAIRS = {")": "(", "]": "["}


class Address(NamedTuple):
    """An address in a text."""

    start: int
    end: int
    target: str
    """As it is written: a URL, a path with or without a line, or a name."""
    form: str
    """`url`, `path`, or `name` of a memory."""


class Destination(NamedTuple):
    """A place that an address leads to: one of entry, URL and file."""

    name: str
    """For people: the title of the entry, the whole URL, or the path."""
    entry_id: str = ""
    url: str = ""
    path: str = ""
    """The place of the file on disk."""
    line: int = 1


def is_url(target: str) -> bool:
    """Whether a target is a URL that a browser may open: of the web, and without white space."""
    return re.fullmatch(_URL, target) is not None


def addresses(text: str) -> Iterator[Address]:
    r"""Yield the addresses in a text, in order.

    >>> [one.target for one in addresses("See (https://a.b/c), src/pool.ts:12 and [[retry-budget]].")]
    ['https://a.b/c', 'src/pool.ts:12', 'retry-budget']
    >>> [one.target for one in addresses(r"| [[retry-budget\|in a table]] |")]
    ['retry-budget']
    """
    for found in _ADDRESS.finditer(text, 0, _MOST):
        start, end = found.span()
        if found["url"]:
            end = _url_end(text, start, end)
            yield Address(start, end, text[start:end], "url")
        elif found["path"]:
            yield Address(start, end, found["path"], "path")
        else:
            yield Address(start, end, (found["wiki"] or found["memory"]).strip(" .\\"), "name")


def _url_end(text: str, start: int, end: int) -> int:
    """Return the end of a URL without the signs that end the sentence around it."""
    while end > start + 8:
        last = text[end - 1]
        opened = _PAIRS.get(last)
        if opened is None and last not in ".,;:!?*_~":
            break
        if opened is not None and text.count(opened, start, end) >= text.count(last, start, end):
            break
        end -= 1
    return end


def line_in(target: str) -> tuple[str, int]:
    """Return a path without its line, and the line; the first where it names none.

    >>> line_in("src/pool.ts:12"), line_in("docs/a.md#why")
    (('src/pool.ts', 12), ('docs/a.md', 1))
    """
    path = target.partition("#")[0]
    found = _LINE.search(path)
    return (path[: found.start()], int(found[1])) if found else (path, 1)
