"""The one registry of actions: key bindings, footers, help, palette and docs/keys.md come from it.

A key means one thing on every screen; only ctrl+z is the undo of a text while one is edited. Screens and
widgets bind actions by id with `bindings("open", …)` and answer them with a method `action_<id>`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from textual.binding import Binding, BindingType
from textual.keys import KEY_NAME_REPLACEMENTS


class Action(NamedTuple):
    """Something a user can do."""

    id: str
    """Name of the method that does it, without `action_`."""
    keys: tuple[str, ...]
    """In Textual's spelling, the one to show first."""
    label: str
    """One or two words for the footer and the help; empty for one that needs no mention."""
    title: str
    """Its name in the palette; empty for an action that needs none there, such as moving a cursor."""
    group: str
    """Heading in the help."""


MOVE, ENTRY, GO, EVERYWHERE, EDIT, MENU = "Move", "Entry", "Go to", "Everywhere", "While editing", "Menu"
"""Groups of actions. A menu floats or has the screen to itself, so its letters are its own."""

ACTIONS: Final = (
    Action("up", ("up", "k"), "up", "", MOVE),
    Action("down", ("down", "j"), "down", "", MOVE),
    Action("next_item", ("J",), "next", "", MOVE),
    Action("previous_item", ("K",), "previous", "", MOVE),
    Action("half_up", ("ctrl+u",), "half a page up", "", MOVE),
    Action("half_down", ("ctrl+d",), "half a page down", "", MOVE),
    Action("page_up", ("pageup", "ctrl+b"), "a page up", "", MOVE),
    Action("page_down", ("pagedown", "ctrl+f"), "a page down", "", MOVE),
    Action("first", ("g", "home"), "first", "", MOVE),
    Action("last", ("G", "end"), "last", "", MOVE),
    Action("left", ("left", "h"), "pane left", "", MOVE),
    Action("right", ("right", "l"), "pane right", "", MOVE),
    Action("accept", ("enter",), "open", "", MOVE),
    Action("next_match", ("n",), "next match", "Next match on the page", MOVE),
    Action("previous_match", ("N",), "previous match", "Previous match on the page", MOVE),
    Action("choose", ("space",), "mark, expand", "", MOVE),
    Action("range", ("v",), "mark a range", "Mark a range: as far as the cursor goes", MOVE),
    Action("order", ("o", "f4"), "order", "Order: by match, date, title, kind, level or file", MOVE),
    Action("edit", ("e",), "edit", "Edit the entry", ENTRY),
    Action("edit_file", ("E",), "edit in $EDITOR", "Edit the entry in $EDITOR", ENTRY),
    Action("copy", ("y",), "copy", "Copy the entry: as text, Markdown, a field, its code, id, source", ENTRY),
    Action("export", ("Y",), "export", "Export what is marked, or all that is found, to a file", ENTRY),
    Action("source", ("x",), "source", "Show the source of the entry", ENTRY),
    Action("history", ("H",), "history", "History of the entry", ENTRY),
    Action("file_history", ("F",), "file history", "History of the entry's file", ENTRY),
    Action("blame", ("B",), "blame", "Blame: who last changed each field, and when", ENTRY),
    Action("similar", ("L",), "similar", "Similar entries: what says nearly the same", ENTRY),
    Action("restore", ("V",), "restore", "Restore this version", ENTRY),
    Action("add", ("a",), "add", "Add an entry", ENTRY),
    Action("delete", ("d",), "delete", "Delete the entry", ENTRY),
    Action("duplicate", ("C",), "duplicate", "Duplicate the entry", ENTRY),
    Action("move", ("M",), "move", "Move the entry to another file", ENTRY),
    Action("edit_source", ("X",), "edit source", "Edit the source of the entry", ENTRY),
    Action("pin", ("asterisk",), "pin", "Pin or unpin the entry", ENTRY),
    Action("change_marked", ("s",), "bulk edit", "Bulk edit: set a field of all marked entries", ENTRY),
    Action("rename_tag", ("T",), "rename tag", "Rename or remove a tag", EVERYWHERE),
    Action("compare_now", ("equals_sign",), "compare with now", "Compare with the current version", ENTRY),
    Action("side_by_side", ("vertical_line",), "side by side", "Compare side by side or below", ENTRY),
    Action("seen", ("I",), "mark all read", "Mark all new entries as read", EVERYWHERE),
    Action("search", ("slash",), "search", "Search", GO),
    Action("name_search", ("ctrl+s",), "save search", "", GO),
    Action(
        "go_back", ("left_square_bracket", "alt+left", "ctrl+o"), "back", "Back to where you jumped from", GO
    ),
    Action("go_forward", ("right_square_bracket", "alt+right"), "forward", "Forward again", GO),
    Action("lately", ("apostrophe",), "recent", "Pinned and recently read entries", GO),
    Action("stores", ("O",), "stores", "Stores: narrow the search to one, or open another one", GO),
    Action("timeline", ("t",), "timeline", "Timeline of the sessions", GO),
    Action("calendar", ("c",), "calendar", "Show or hide the calendar of the timeline", GO),
    Action("brief", ("w",), "brief", "Brief: where to go on", GO),
    Action("trends", ("i",), "trends", "Trends: growth, fading tags, problems that came back", GO),
    Action("problems", ("p",), "problems", "Problems of the files", GO),
    Action("deleted", ("D",), "deleted entries", "Deleted entries", GO),
    Action("status", ("P",), "status", "Status: uncommitted edits and unsaved drafts", GO),
    Action("end_session", ("W",), "end session", "End session", GO),
    Action("sync", ("S",), "sync", "Sync: fetch, merge by entry, push", GO),
    Action("sidebar", ("b",), "sidebar", "Show or hide the sidebar", GO),
    Action("zoom", ("z",), "zoom", "Zoom: the focused pane alone, or all panes", GO),
    Action("split_left", ("less_than_sign",), "wider page", "More room for the page", GO),
    Action("split_right", ("greater_than_sign",), "wider list", "More room for the list", GO),
    Action("files", ("f",), "files", "Show the files in the sidebar", GO),
    Action("next", ("tab",), "next pane", "", GO),
    Action("previous", ("shift+tab",), "previous pane", "", GO),
    Action("save", ("ctrl+s",), "review", "Review the changes before they are saved", EDIT),
    Action("undo_text", ("ctrl+z",), "undo", "", EDIT),
    Action("text_start", ("ctrl+home",), "start of the text", "", EDIT),
    Action("text_end", ("ctrl+end",), "end of the text", "", EDIT),
    Action("add_field", ("ctrl+n",), "add a field", "", EDIT),
    Action("other_file", ("ctrl+t",), "to another file", "", EDIT),
    Action("repair", ("r",), "repair", "Repair the file", ENTRY),
    Action("repair_all", ("R",), "repair all", "Repair all files that can be repaired", ENTRY),
    Action("commit_all", ("A",), "commit all", "Commit all files of the status", ENTRY),
    Action("palette", ("ctrl+p",), "all actions", "", EVERYWHERE),
    Action("reload", ("f5", "ctrl+l"), "refresh", "Refresh: read the files again", EVERYWHERE),
    Action("back", ("escape",), "back", "", EVERYWHERE),
    Action("help", ("question_mark", "f1"), "keys", "Keys of the focused pane", EVERYWHERE),
    Action(
        "suspend", ("ctrl+z",), "suspend", "Suspend: to the background, until fg brings it back", EVERYWHERE
    ),
    Action("leave", ("q",), "back, quit", "", EVERYWHERE),
    Action("quit", ("ctrl+q",), "quit", "Quit", EVERYWHERE),
    Action("undo", ("u",), "undo", "Undo the last change", EVERYWHERE),
    Action("redo", ("U", "ctrl+r"), "redo", "Redo the change that was undone", EVERYWHERE),
    Action("interrupt", ("ctrl+c",), "copy selection", "", EVERYWHERE),
    Action("demo", ("d",), "demo", "", MENU),
    Action("open_tree", ("o",), "open", "", MENU),
    Action("new_tree", ("n",), "new", "", MENU),
)

_CHORD: Final = ".chord"
"""Behind the id of an action in that of its bindings that work while text is typed."""
BY_ID: Final = {action.id: action for action in ACTIONS}

_SHOWN: Final = {
    "enter": "⏎",
    "slash": "/",
    "question_mark": "?",
    "equals_sign": "=",
    "vertical_line": "|",
    "apostrophe": "'",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "alt+left": "alt+←",
    "alt+right": "alt+→",
    "asterisk": "*",
    "escape": "esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "pgup",
    "pagedown": "pgdn",
}


_SPELLED: Final = {text: one for one, text in _SHOWN.items()} | {"pgdn": "pagedown"}
_SIGNS: Final = {name: sign for sign, name in KEY_NAME_REPLACEMENTS.items()}
_own: dict[str, tuple[str, ...]] = {}
"""Id of an action → the keys that the user gave it."""


def use_keys(own: Mapping[str, tuple[str, ...]]) -> None:
    """Let actions have the keys that the user gave them; all others have those of the registry."""
    _own.clear()
    _own.update(own)


def keys_of(name: str) -> tuple[str, ...]:
    """Return the keys of an action, the one to show first."""
    return _own.get(name, BY_ID[name].keys)


def shown(one: str) -> str:
    """Return a key as people write it.

    >>> shown("question_mark"), shown("ctrl+s"), shown("dollar_sign")
    ('?', 'ctrl+s', '$')
    """
    if one in _SHOWN or len(one) == 1:
        return _SHOWN.get(one, one)
    try:
        sign = unicodedata.lookup(_SIGNS.get(one, one).replace("_", " "))
    except KeyError:
        return one
    on_keyboards = (
        "!" <= sign < "\u0250" and sign.isprintable()
    )  # 🍌 and the sign that deletes have names, too
    return sign if on_keyboards else one


def key_name(text: str) -> str:
    """Return Textual's name of a key that somebody wrote.

    >>> key_name("?"), key_name("esc"), key_name("ctrl+s"), key_name("$")
    ('question_mark', 'escape', 'ctrl+s', 'dollar_sign')
    """
    text = text.strip()
    if text in _SPELLED:
        return _SPELLED[text]
    if len(text) != 1 or text.isalnum():
        return text if len(text) == 1 else text.lower()
    name = unicodedata.name(text, "unknown").lower().replace("-", "_").replace(" ", "_")
    return "space" if text == " " else KEY_NAME_REPLACEMENTS.get(name, name)


def key(name: str, typing: bool = False) -> str:
    """Return the key of an action as people write it; while text is typed, one that types nothing.

    >>> key("history"), key("help", typing=True)
    ('H', 'f1')
    """
    keys = keys_of(name)
    return shown(next((one for one in keys if not typing or not is_typed(one)), keys[0]))


def is_typed(one: str) -> bool:
    """Whether a key puts a sign into a text: it is no key while one is typed.

    >>> [name for name in ("question_mark", "space", "J", "f1", "up", "enter") if is_typed(name)]
    ['question_mark', 'space', 'J']
    """
    sign = shown(one)
    return one == "space" or (len(sign) == 1 and (sign < "\u0250" or sign.isalnum()))


def bindings(*names: str, priority: bool = False) -> list[BindingType]:
    """Return the key bindings of these actions.

    `priority` is for what must not wait for the focused widget, so that keys typed in one burst after it
    reach the widget it focuses.
    """
    return [_binding(BY_ID[name], name, BY_ID[name].keys, priority) for name in names]


def chords(*names: str) -> list[BindingType]:
    """Return bindings that work while text is typed too: of those keys only that type nothing."""
    return [
        _binding(BY_ID[name], name + _CHORD, keys, True)
        for name in names
        if (keys := _typing_nothing(BY_ID[name].keys))
    ]


def keymap() -> dict[str, str]:
    """Return the user's keys by the ids of bindings, as Textual takes them."""
    pairs = {name: ",".join(keys) for name, keys in _own.items()}
    return pairs | {
        name + _CHORD: ",".join(chord) for name, keys in _own.items() if (chord := _typing_nothing(keys))
    }


def _typing_nothing(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in keys if "+" in one or one[1:].isdigit())


def _binding(action: Action, name: str, keys: tuple[str, ...], priority: bool) -> Binding:
    return Binding(",".join(keys), action.id, action.label, show=False, priority=priority, id=name)


Hint = str | tuple[str, str]
"""An action in a footer: its id, or (id, the word for it here)."""


BOTH: Final = {"up": "down", "left": "right"}
"""Actions that a footer shows with the key of the other way, unless that has a label of its own."""


def hints(items: Iterable[Hint], typing: bool = False) -> list[tuple[str, str, str]]:
    """Return the keys of a footer: (id, key, label); while text is typed, the key that types nothing.

    >>> hints([("up", "day"), ("left", "earlier"), ("right", "later")])
    [('up', '↑↓', 'day'), ('left', '←', 'earlier'), ('right', '→', 'later')]
    """
    pairs = [(item, BY_ID[item].label) if isinstance(item, str) else item for item in items]
    names = {name for name, _ in pairs}
    other = {name: key(back, typing) for name, back in BOTH.items() if back not in names}
    return [(name, key(name, typing) + other.get(name, ""), label) for name, label in pairs]
