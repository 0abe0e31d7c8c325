"""Sentences about a plan: sure facts, and those worth a look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from index.model.display import as_clause
from index.rendering.markdown_parts import is_markdown
from tui.actions import key
from tui.theme.drawing import BLANK, plain, t, wrap

if TYPE_CHECKING:
    from index.rendering.review_facts import Facts, FileFacts


def verdicts(facts: Facts) -> Iterator[Content]:
    """Yield the sure facts about the change, and those worth a look."""
    sure, look = ("✓", "ok"), ("!", "warn")
    kept = [one for one in facts.files if not one.gone]
    alone = len(kept) == 1
    if kept and not any(one.errors_after for one in kept):
        mended = any(one.errors_before for one in kept)
        stays = ("becomes" if mended else "stays") if alone else ("become" if mended else "stay")
        yield t(sure, (f" the file{'' if alone else 's'} {stays} {_sound(*kept)}", "muted"))
    for one in kept:
        name = "the file" if alone else one.file.rpartition("/")[2]
        if one.errors_after > one.errors_before:
            yield t(look, (f" {name} will not be {_sound(one)}", "muted"))
        elif one.errors_after:
            yield t(look, (f" {name} has {_elsewhere(one.errors_after)}", "muted"))
    if any(one.moved for one in facts.files):
        yield t(look, (" the file changed meanwhile; this goes on top of that", "muted"))
    elif facts.complete and not facts.mixed:
        yield t(sure, (" nothing else changed on disk", "muted"))
    if facts.mixed:
        shows = f"{key('back', typing=True)}, then {key('status')}"
        what = (
            "the file holds" if facts.mixed == len(facts.files) == 1 else f"{facts.mixed} of the files hold"
        )
        rest = f" {what} other changes that no commit has; they go with it, and {shows} shows them"
        yield t(look, (rest, "muted"))
    told = alone and 0 < kept[0].errors_after <= kept[0].errors_before
    if facts.warning and not told:
        yield t(look, " ", plain(as_clause(facts.warning.rstrip(".")), "muted"))
    if facts.doubtful:
        yield t(look, " ", plain(as_clause(facts.doubtful.rstrip(".")), "warn"))
    if facts.final:
        whose = "the file goes" if alone else "its files go"
        yield t(look, (f" cannot be undone with {key('undo')}: {whose} through a filter", "warn"))
    else:
        yield t(sure, (f" {key('undo')} undoes this", "muted"))


def _sound(*files: FileFacts) -> str:
    """Return the word for files that can be read: of XML alone one says that it is well-formed."""
    return "readable" if any(is_markdown(one.file) for one in files) else "well-formed"


def _elsewhere(errors: int) -> str:
    return "a problem elsewhere, which stays" if errors == 1 else f"{errors} problems elsewhere, which stay"


def flow(items: Sequence[Content], width: int) -> Iterator[Content]:
    """Set items side by side with five cells between, as many as fit a line; a long one has its own.

    Its lines begin behind its mark, which takes two cells.
    """
    row = BLANK
    for item in items:
        if row.plain and row.cell_length + 5 + item.cell_length > width:
            yield row
            row = BLANK
        if item.cell_length > width:
            first, *more = wrap(item[2:], width - 2)
            yield from (t(item[:2], first), *(t("  ", line) for line in more))
        else:
            row = t(row, "     ", item) if row.plain else item
    if row.plain:
        yield row
