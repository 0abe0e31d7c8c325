"""Lists of entries in every form that is merged."""

from __future__ import annotations

from dataclasses import dataclass


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
