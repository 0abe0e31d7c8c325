"""Lists of entries in every form that is merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.formats.base import Merged
from tests.support.merging import merge_file


@dataclass(frozen=True)
class Item:
    """One entry, or line, with a name of its own that no other text holds."""

    key: str
    text: str


def broken(items: list[Item]) -> str:
    return "<notes>\n" + "".join(f"<note>{item.text}\n" for item in items)


def with_ids(items: list[Item]) -> str:
    rows = (f'  <note id="{item.key}">\n    <fix>{item.text}</fix>\n  </note>\n' for item in items)
    return f"<notes>\n{''.join(rows)}</notes>\n"


def without_ids(items: list[Item]) -> str:
    rows = (f"  <note>\n    <fix>{item.text}</fix>\n  </note>\n" for item in items)
    return f"<notes>\n{''.join(rows)}</notes>\n"


def merged(sides: Sequence[bytes]) -> Merged:
    """Merge base, ours and theirs of one file."""
    base, ours, theirs = sides
    return merge_file(base, ours, theirs, "notes.xml")
