"""A check of deletions in bulk: whether they look like an emptied folder, and not like an edit."""

from __future__ import annotations

from collections.abc import Collection

_FEW = 3
"""Fewer files than this may go without a word, as long as others stay."""


def looks_emptied(held: Collection[object], gone: Collection[object], new: Collection[object]) -> bool:
    """Whether all or most files go, and no others come in their place as when they are moved.

    Args:
        held: the memory files before.
        gone: those of them that go.
        new: the memory files that come.
    """
    left = len(held) - len(gone) + len(new)
    return bool(gone) and (left == 0 or (len(gone) >= _FEW and 2 * left < len(held)))


def is_blank(data: bytes | None) -> bool:
    """Whether a file is gone, or nothing but white space and zeros is left of it."""
    return data is None or not data.strip(b"\0 \t\r\n")


def in_words(held: Collection[str], gone: Collection[str], *, empty: bool = False) -> str:
    """Say how many go, and that this looks like an emptied folder; `empty`: some only hold nothing."""
    what = "the only memory file is" if len(held) == 1 else f"{len(gone):,} of {len(held):,} memory files are"
    how = "gone or empty" if empty else "gone"
    return f"{what} {how}, which looks like a folder that was emptied, moved or not mounted"
