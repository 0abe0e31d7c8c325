"""The keys of the focused pane, from the registry."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import zip_longest

from textual import events
from textual.app import ComposeResult
from textual.content import Content

from tui.actions import (
    ACTIONS,
    BOTH,
    BY_ID,
    EDIT,
    ENTRY,
    EVERYWHERE,
    GO,
    MENU,
    MOVE,
    Action,
    bindings,
    is_typed,
    key,
    keys_of,
    shown,
)
from tui.data.query_examples import EXAMPLES
from tui.screens.base.frame import Float
from tui.theme.drawing import BLANK, bar, cut, hot, t
from tui.widgets.base.drawn import Run
from tui.widgets.base.lines import Lines, words_below
from tui.widgets.base.pane import Extent

WIDTH, _WIDE = 68, 126
"""Columns of the keys, and of them with the examples of a query at their right."""
_PAIRS = (
    (("up", "down"), "line, row"),
    (("next_item", "previous_item"), "next, previous"),
    (("half_down", "half_up"), "half a page"),
    (("page_down", "page_up"), "a page"),
    (("first", "last"), "first, last"),
    (("left", "right"), "pane left, right"),
    (("go_back", "go_forward"), "back, forward"),
)
"""Actions that share a line."""
_ALIKE = {*BOTH, "page_down"}
"""The first of two opposite actions for which one name is enough."""
_GAP = "    "
_KEY, _TYPED = 13, 23
"""Columns of a key, and of an example of a query."""


class _KeyColumns(Lines):
    """Groups of keys, in columns: each may have a heading in any line."""

    def is_heading(self, y: int) -> bool:
        """Whether line `y` has a heading in one of its columns."""
        return any(span.style == "head" for span in self.line(y).spans)


class Help(Float[str]):
    """Floats over the screen; any of its keys closes it. Returns the action that was clicked, else None."""

    BINDINGS = bindings("help", "search")

    def __init__(
        self,
        ids: Iterable[str],
        title: str,
        examples: Iterable[tuple[str, str]] = (),
        commands: Mapping[str, Sequence[str]] = {},
        labels: Mapping[str, str] = {},
        idle: Set[str] = frozenset(),
        *,
        typing: bool = False,
    ) -> None:
        """Show the keys of these actions.

        Args:
            ids: the actions that are possible where the focus is.
            title: what to call that place.
            examples: texts that may be typed there, or numbers that are keys, each with its meaning.
            commands: the words of the user's own commands, by key.
            labels: what the footer calls actions there that have another name elsewhere.
            idle: those that would do nothing now, which are muted.
            typing: letters and signs go into a text there: only the keys are shown that do not.
        """
        super().__init__()
        possible = set(ids)
        self._examples, self._asks = list(examples), "search" in possible and not typing
        actions = [one._replace(label=labels.get(one.id, one.label)) for one in ACTIONS if one.id in possible]
        self._groups, self._idle = groups(actions, typing=typing), idle
        self._own = [(shown(one), shlex.join(words)) for one, words in commands.items()]
        self._title, self._typing = title, typing
        self._filter: str | None = None
        """Text that a line must hold to be shown; None for all lines."""
        self._box = _KeyColumns(self._lines, id="box")

    def compose(self) -> ComposeResult:
        """Yield the box."""
        self._fit()
        yield self._box

    def on_resize(self) -> None:
        """Use the room there is now."""
        self._fit()

    def _fit(self) -> None:
        width = _WIDE if self._asks and self.app.size.width >= _WIDE + 6 else WIDTH
        typed, self._filter = self._filter, None  # it stays as high while it is filtered
        self._box.styles.width, self._box.styles.height = width + 6, len(self._lines(width)) + 4
        self._filter = typed

    def on_mount(self) -> None:
        """Say on the border how much is below."""
        self.watch(self._box, "extent", self._say_rest)

    def _say_rest(self, extent: Extent) -> None:
        self._box.border_subtitle = words_below(extent)

    def _lines(self, width: int) -> list[Content]:
        head = [bar(width, t((self._title, "strong")), self._way()), BLANK]
        shown_groups = [(name, [one for one in keys if self._holds(*one[:2])]) for name, keys in self._groups]
        shown_groups = [(name, keys) for name, keys in shown_groups if keys]
        room = min(width, WIDTH)
        beside = room >= 56
        column = (room - len(_GAP)) // 2 if beside else room
        stacks = [
            [self._group(name, keys, column) for name, keys in part] for part in _halves(shown_groups, beside)
        ]
        left, right = [_stack(stack) for stack in (*stacks, [])[:2]]
        first = (
            self._rows("To be typed", self._examples, room, _TYPED)
            if self._typing
            else self._rows("By number", self._examples, room, _KEY)
        )
        wide = width >= _WIDE
        aside = width - WIDTH - len(_GAP) if wide else room
        last = self._rows("In the search", EXAMPLES, aside, _TYPED) if self._asks else []
        yours = self._rows("Your commands", self._own, room, _KEY)
        parts = [part for part in (first, _beside(left, right, column), yours) if part]
        stack = _beside(_stack(parts), last, WIDTH) if wide else _stack([*parts, last] if last else parts)
        return [*head, *(stack or [t(("nothing matches", "muted"))])]

    def _rows(self, heading: str, pairs: Iterable[tuple[str, str]], width: int, column: int) -> list[Content]:
        """Return keys, or texts to be typed, under a heading, each in a column with its meaning behind it."""
        rows = [_row(*pair, column, width) for pair in pairs if self._holds(*pair)]
        return [t((heading, "head")), *rows] if rows else []

    def _group(self, name: str, keys: Keys, width: int) -> list[Content]:
        """Return keys under their heading; a click does the same."""
        lines = [t((name, "head"))]
        for pressed, text, run in keys:
            line = _row(pressed, text, _KEY, width)
            if self._idle >= {*run.split()}:
                line = t((line.plain, "muted"))
            lines.append(line if " " in run else hot(line, run))
        return lines

    def _way(self) -> Content:
        """Return the keys of the help itself, or its filter."""
        if self._filter is None:
            closes = hot(t((f"{key('back')} closes", "muted")), "help")
            return t((f"{key('search')} filter   ", "muted"), closes)
        return t(("/ ", "accent"), (self._filter, "strong"), ("▏", "accent"))

    def _holds(self, *texts: str) -> bool:
        return self._filter is None or self._filter.lower() in " ".join(texts).lower()

    def action_search(self) -> None:
        """Show only the lines that hold the text typed from now on."""
        self._narrow("")

    def on_key(self, event: events.Key) -> None:
        """Take letters for the filter while there is one."""
        if self._filter is None:
            return
        if event.key == "escape":
            self._narrow(None)
        elif event.key == "backspace":
            self._narrow(self._filter[:-1])
        elif event.character is not None and event.is_printable:
            self._narrow(self._filter + event.character)
        else:
            return
        event.stop()
        event.prevent_default()

    def _narrow(self, text: str | None) -> None:
        self._filter = text
        self._box.show(self._lines)

    def on_run(self, message: Run) -> None:
        """Close, and have the action done that was clicked."""
        message.stop()
        self.dismiss(None if message.action == "help" else message.action)

    def action_help(self) -> None:
        """Close."""
        self.dismiss()


Keys = list[tuple[str, str, str]]
"""Keys, their meaning, and the action that they do; where they share a line, two with a space between."""


def groups(actions: list[Action], *, typing: bool = False) -> list[tuple[str, Keys]]:
    """Return the keys of actions under their headings, pairs such as up and down on one line.

    While text is typed, keys that go into it are none, nor are actions that have no other.
    """
    pressed = {action.id: _pressed(action.id, typing) for action in actions}
    actions = [action for action in actions if pressed[action.id]]
    held = {action.id: action for action in actions}
    out: list[tuple[str, Keys]] = []
    for name in (MENU, MOVE, ENTRY, GO, EVERYWHERE, EDIT):
        keys: Keys = []
        done: set[str] = set()
        for action in actions:
            if action.group != name or action.id in done or not action.label or action.id == "previous":
                continue
            pair = next((p for p in _PAIRS if action.id in p[0] and all(i in held for i in p[0])), None)
            if pair is None:
                keys.append((_keys(pressed[action.id]), action.label, action.id))
            else:
                done |= set(pair[0])
                here = [held[one].label for one in pair[0] if held[one].label != BY_ID[one].label]
                text = _joined(here) if len(here) == 2 or pair[0][0] in _ALIKE else ""
                both = _together(*(pressed[one][0] for one in pair[0]))
                keys.append((both, text or pair[1], " ".join(pair[0])))
        if keys:
            out.append((name, keys))
    return out


def _joined(labels: Sequence[str]) -> str:
    """Join labels, a word at the end of both said once: `later, earlier work`."""
    words = [label.rpartition(" ") for label in labels]
    shared = len(words) == 2 and words[0][0] and words[0][2] == words[1][2]
    return f"{words[0][0]}, {labels[1]}" if shared else ", ".join(labels)


def _pressed(name: str, typing: bool) -> list[str]:
    """Return the keys of an action as people write them; while text is typed, those that type nothing."""
    return [shown(one) for one in keys_of(name) if not typing or not is_typed(one)]


def _keys(keys: list[str]) -> str:
    """Return the first key of several, and the second one where both are short."""
    return "  ".join(keys[:2]) if sum(map(len, keys[:2])) < 9 else keys[0]


def _together(one: str, two: str) -> str:
    """Return the keys of two actions as one text: `↑ ↓`, `ctrl+d u`."""
    head, plus, last = two.rpartition("+")
    return f"{one} {last}" if plus and one.startswith(head + "+") else f"{one} {two}"


def _row(key: str, meaning: str, column: int, width: int) -> Content:
    return cut(cut(t((key, "strong")), column) + t((meaning, "text")), width)


def _halves(found: list[tuple[str, Keys]], beside: bool) -> list[list[tuple[str, Keys]]]:
    """Split the groups in two columns of nearly the same height."""
    if not beside:
        return [found]
    total = sum(len(keys) + 2 for _, keys in found)
    left: list[tuple[str, Keys]] = []
    height = 0
    for item in found:
        if height and height + (len(item[1]) + 2) / 2 > total / 2:
            break
        left.append(item)
        height += len(item[1]) + 2
    return [left, found[len(left) :]]


def _beside(left: Sequence[Content], right: Sequence[Content], column: int) -> list[Content]:
    """Put lines at the right of others, which take `column` cells."""
    pairs = zip_longest(left, right, fillvalue=BLANK)
    return [cut(one, column) + t(_GAP, two) if two else one for one, two in pairs]


def _stack(parts: list[list[Content]]) -> list[Content]:
    out: list[Content] = []
    for part in parts:
        out += ([BLANK] if out else []) + part
    return out
