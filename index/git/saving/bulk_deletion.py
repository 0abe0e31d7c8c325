"""A check of deletions in bulk: whether they look like an emptied folder, and not like an edit."""

from __future__ import annotations

from collections.abc import Collection

from index.model.path_spelling import shown
from index.model.store_places import store_of

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


def emptied_words(
    held: Collection[str], gone: Collection[str], new: Collection[str], blank: Collection[str] = ()
) -> str:
    """Say that all or most files of a tree, or of one of its stores, go; empty when they do not.

    Args:
        held: the memory files before, by their paths in the tree.
        gone: those of them that go.
        new: the memory files that come, in whichever store.
        blank: those of `gone` that are there and hold nothing.
    """
    if looks_emptied(held, gone, new):
        return _in_words(held, gone, "", blank)
    for store in sorted(set(map(store_of, gone)) - {""}):
        there, lost = ([path for path in paths if store_of(path) == store] for paths in (held, gone))
        if len(lost) >= _FEW and looks_emptied(there, lost, new):
            return _in_words(there, lost, f" of {shown(store)}", blank)
    return ""


def _in_words(held: Collection[str], gone: Collection[str], store: str, blank: Collection[str]) -> str:
    what = (
        "the only memory file is"
        if len(held) == 1
        else f"{len(gone):,} of {len(held):,} memory files{store} are"
    )
    how = "gone or empty" if any(path in blank for path in gone) else "gone"
    return f"{what} {how}, which looks like a folder that was emptied, moved or not mounted"
