"""A merge of one file, whatever its format: nothing to merge, by the format's own way, or one side whole."""

from __future__ import annotations

from collections.abc import Callable

from index.formats.base import Choices, EditRefused, Format, MergeConflict, Merged, Sides
from index.model.path_spelling import shown
from index.model.problems import Splice


def merged(
    form: Format,
    by_entry: Callable[[Sides, str, Choices], Merged | None],
    sides: Sides,
    path: str,
    choices: Choices,
) -> Merged:
    """Merge a file as `Format.merge` does; `by_entry` is asked where both sides changed it."""
    base, ours, theirs = sides
    if theirs in (ours, base):
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    return by_entry(sides, path, choices) or take_whole(form, sides, path, choices)


def take_whole(form: Format, sides: Sides, path: str, choices: Choices) -> Merged:
    """Return the version that was chosen for a file, or the text that was given for it; else ask.

    Raises EditRefused: the file's encoding cannot hold the text.
    """
    choice = choices.get((path, ""))
    if choice is None:
        base, ours, theirs = (None if data is None else form.text(data) for data in sides)
        return Merged(None, (MergeConflict(path, "", base, ours, theirs),))
    if choice in Sides._fields:
        return Merged(getattr(sides, choice))
    like = form.open(sides.ours or sides.theirs or b"", path)
    if like.refusal:
        raise EditRefused(like.refusal)
    try:
        return Merged(like.spliced([Splice(0, len(like.source), choice)]).to_bytes())
    except UnicodeEncodeError as error:
        sign = error.object[error.start]
        raise EditRefused(f"The encoding of {shown(path)} has no character {sign!r}.") from error
