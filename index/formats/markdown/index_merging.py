"""Three versions of an index into one, by item: each is known by the file that it leads to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from index.formats.base import Choices, EditRefused, MergeConflict, Sides
from index.formats.markdown.field_splices import newline_of
from index.formats.markdown.index_lines import MarkdownLinks
from index.model.text.text_merge import merge_listed, returns

_LISTED = re.compile(r"\0| {0,3}(?:#{1,6}[ \t]|[-*+][ \t])")
"""The beginning of an item, or of a heading above some."""


class _Item(NamedTuple):
    """An item that leads to a file, in one version."""

    title: str
    text: str
    """Its lines, without the last line end."""


class _Index(NamedTuple):
    """An index in one version."""

    signs: list[str]
    """Of its items and of the lines between them, in order; that of such a line is the line."""
    items: dict[str, _Item]
    """By their sign."""


def merge_index(texts: Sequence[str], entry: str, choices: Choices) -> str | tuple[MergeConflict, ...] | None:
    """Merge base, ours and theirs; return the conflicts that no choice settled, each called after its item.

    None where items cannot be told apart, or other lines changed at one place.

    Raises EditRefused: a text of `choices` is no item.
    """
    newline = newline_of(texts[1])
    sides = [index for text in texts if (index := _read(text, newline))]
    if len(sides) < len(texts):
        return None
    base, ours, theirs = sides
    gone = {item.text for sign, item in base.items.items() if sign not in {*ours.items, *theirs.items}}
    came = {*ours.items.items(), *theirs.items.items()}
    if returns(gone, {item.text for sign, item in came if sign not in base.items}):
        return None  # each side led it to a file of its own
    settled: dict[str, str | None] = {}
    conflicts = []
    for sign, name in _names(sides).items():
        old, mine, other = (side.items[sign].text if sign in side.items else None for side in sides)
        settled[sign] = mine if other in (old, mine) else other
        if old != mine != other != old:
            choice = choices.get((entry, name))
            if choice is None:
                conflicts.append(MergeConflict(entry, name, old, mine, other))
            else:
                known = {"base": old, "ours": mine, "theirs": other}
                settled[sign] = known[choice] if choice in known else _typed(choice)
    there = ours.items.keys() & theirs.items.keys()
    # One that a side took out and that comes back is as new, so it is not taken out again.
    before = [sign for sign in base.signs if settled.get(sign) is None or sign in there]
    signs = merge_listed(before, ours.signs, theirs.signs, _LISTED)
    if conflicts:
        settles = (
            merge_index(texts, entry, {**choices, **{one[:2]: choice for one in conflicts}})
            for choice in Sides._fields
        )
        return tuple(conflicts) if all(isinstance(done, str) for done in settles) else None
    if signs is None:
        return None
    places = {sign: at for at, sign in reversed([*enumerate(signs)])}
    merged = [
        sign
        for at, sign in enumerate(signs)
        if sign not in settled or (settled[sign] is not None and places[sign] == at)
    ]
    if not _is_sound(merged, sides, {sign for sign, text in settled.items() if text is None}):
        return None
    text = "\n".join(settled.get(sign) or sign for sign in merged)
    end = texts[1] if texts[1] != texts[0] else texts[2]
    return text.replace("\n", newline) + end[len(end.rstrip("\r\n")) :]


def _is_sound(merged: Sequence[str], sides: Sequence[_Index], gone: set[str]) -> bool:
    """Whether nothing is lost or there twice, and no line that both sides took out may be there reworded."""
    now, before, here, there = (Counter(filter(None, signs)) for signs in (merged, *(s.signs for s in sides)))
    came = (here.keys() | there.keys()) - before.keys()
    if now - (here | there) or (here.keys() & there.keys() | came) - gone - now.keys():
        return False
    reworded = (sign for sign in came - (here.keys() & there.keys()) if not sign.startswith("\0"))
    lost = (sign for sign in before.keys() - here.keys() - there.keys() if not sign.startswith("\0"))
    return not (any(lost) and any(reworded))


def _read(text: str, newline: str) -> _Index | None:
    """Read an index; None where its line ends are not all the same, or two items lead to one file."""
    plain = text.replace(newline, "\n")
    if "\r" in plain or plain.replace("\n", newline) != text:
        return None
    links = MarkdownLinks()
    items: dict[str, _Item] = {}
    signs: list[str] = []
    at = 0
    for link in links.links(plain):
        line = links.line_of(plain, link)
        if line is None:
            continue
        sign = f"\0{link.target}"
        if sign in items:
            return None
        items[sign] = _Item(plain[slice(*line.title)], plain[line.start : line.end].removesuffix("\n"))
        signs += [*plain[at : line.start].split("\n")[:-1], sign]
        at = line.end
    rest = plain[at:].rstrip("\n")
    return _Index([*signs, *(rest.split("\n") if rest else ())], items)


def _names(sides: Sequence[_Index]) -> dict[str, str]:
    """Return the name of each item in a question: its title, with its file where another has that too."""
    titles = {sign: item.title for side in reversed(sides) for sign, item in side.items.items()}
    counts = Counter(titles.values())
    return {
        sign: title if title and counts[title] == 1 else f"{title} ({sign[1:]})".lstrip()
        for sign, title in titles.items()
    }


def _typed(text: str) -> str:
    """Return a text that was given for an item; raises EditRefused where it is not one."""
    index = _read(text.strip("\r\n"), newline_of(text))
    if index is None or len(index.signs) != 1 or not index.items:
        raise EditRefused("Write it as an item of the list: - [title](file.md) — something about it.")
    return next(iter(index.items.values())).text
