"""Lists inside an entry: what people type as items, and the smallest change that makes a list hold them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher

from index.memory.document import Document
from index.memory.laying import SPACE, lay, said
from index.memory.margins import indent_like, is_plain
from index.memory.structure import New
from index.memory.writing import write_text

_SPACE = " \t\r\n"
_COMMAS = re.compile(r"[,;|\n]")
_SEPARATOR = re.compile(r"[ \t]*[,;|\n][ \t\r\n]*")


def items_of(text: str, *, commas: bool = False) -> list[str]:
    """Read the items of a list as people type it: one a line, or one a dash with its lines below it.

    With `commas`, as tags and technologies are written, one line may hold several.

    >>> items_of("- one\\n  more of it\\n- two"), items_of("a, b|c", commas=True)
    (['one\\nmore of it', 'two'], ['a', 'b', 'c'])
    """
    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    if any(line.lstrip().startswith("- ") for line in lines):
        items: list[str] = []
        for line in lines:
            if line.lstrip().startswith("- ") or not items:
                items.append(line.strip().removeprefix("- ").strip())
            else:
                items[-1] += "\n" + line.removeprefix("  ")
        return items
    if commas:
        return [value for line in lines for part in _COMMAS.split(line) if (value := part.strip())]
    return [line.strip() for line in lines]


def list_text(items: list[str]) -> str:
    """Return items as the text of a field that is a list."""
    return "\n".join("- " + item.replace("\n", "\n  ") for item in items)


def read_as(found: Mapping[str, str], name: str, text: str) -> str:
    """Return the name under which a text is found: a nested field without others reads as a list of one."""
    above = name.rpartition("/")[0]
    if found.get(name) == text:
        return name
    return above if above and found.get(above) == list_text([text]) else ""


def set_items(document: Document, element: int, items: list[str], item: str = "") -> Document:
    """Return the document with exactly these items in a list; those that stay are not touched.

    `item` names a new item's element where the list has none to go by. Raises `EditRefused`.
    """
    children = list(document.children(element))
    name = document.names[children[0]] if children else item
    inline = bool(children) and not any(sign in document.markup(element) for sign in "\r\n")
    old = [said(document, child) for child in children]
    if not items and children:  # one empty item is what templates ship with, and how the file shows the name
        items = [""]
    steps = SequenceMatcher(a=old, b=items, autojunk=False).get_opcodes()
    for what, low, high, start, end in reversed(steps):
        if what == "equal":
            continue
        both = min(high - low, end - start)
        for place in reversed(range(low + both, high)):
            document = document.remove(_child(document, element, place))
        for place in reversed(range(start + both, end)):
            markup = item_markup(document, name, items[place])
            node = markup if inline else new_item(name, items[place])
            document = document.insert(element, low + both, node)
        for place in reversed(range(both)):
            child = _child(document, element, low + place)
            document = lay(document, child, items[start + place])
    return document


def new_item(name: str, text: str) -> New:
    """Return a new item; white space that would be taken for layout is kept by `xml:space`."""
    return (
        New(name, content=indent_like("", text)) if is_plain(text) else New(name, {SPACE: "preserve"}, text)
    )


def item_markup(document: Document, name: str, text: str) -> str:
    """Return the markup of a new item of a list that stands on one line."""
    item = new_item(name, text)
    tag = name + "".join(f' {key}="{value}"' for key, value in item.attributes.items())
    return f"<{tag}>{write_text(document, str(item.content))}</{name}>"


def _child(document: Document, element: int, place: int) -> int:
    return list(document.children(element))[place]


def swap_word(text: str, old: str, new: str) -> str:
    """Replace one value of a comma list, keeping how the rest is written; an empty `new` takes it out.

    >>> swap_word("a; b ; c", "b", "x"), swap_word("a, b, c", "a", ""), swap_word("a|b", "b", "a")
    ('a; x ; c', 'b, c', 'a')
    """
    parts = _SEPARATOR.split(text)
    signs = _SEPARATOR.findall(text)
    bare = [part.strip().removeprefix("- ") for part in parts]
    if new in bare:
        new = ""
    kept, between = "", ""
    for place, (part, value) in enumerate(zip(parts, bare, strict=True)):
        if value == old and not new:
            continue
        kept += (between if kept else "") + (part.replace(old, new) if value == old else part)
        between = signs[place] if place < len(signs) else ""
    return kept


def add_word(text: str, new: str) -> str:
    """Add one value to a comma list, set apart as the others are.

    >>> add_word("a|b", "c"), add_word("", "c"), add_word("a", "c")
    ('a|b|c', 'c', 'a, c')
    """
    signs = _SEPARATOR.findall(text)
    if not text.strip():
        return new
    sign = signs[-1] if signs else ", "
    return f"{text}{sign}{'- ' if text.startswith('- ') and chr(10) in sign else ''}{new}"
