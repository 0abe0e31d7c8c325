"""The keys that a user gives to actions in place of those of the registry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from textual.keys import KEY_NAME_REPLACEMENTS, Keys

from index.model.user_config import ConfigProblem
from tui.actions import ACTIONS, BY_ID, EDIT, MENU, Action, key_name, shown

_NAMED: Final = {one.value for one in Keys} | {"space", "plus", *KEY_NAME_REPLACEMENTS.values()}
_LINKS: Final = frozenset("123456789")
_MODIFIERS: Final = {"ctrl", "alt", "shift", "super", "hyper", "meta"}


def read_keymap(
    asked: Mapping[str, tuple[str, ...]], places: Mapping[str, str]
) -> tuple[dict[str, tuple[str, ...]], list[ConfigProblem]]:
    """Return the keys that count, by the id of an action and in Textual's spelling, and the faults.

    An action whose keys are not taken keeps those it has.

    Args:
        asked: id of an action → its keys as people write them.
        places: `keymap.` and an id → line and column, for the problems.
    """
    taken: dict[str, tuple[str, ...]] = {}
    problems = []
    for name, keys in asked.items():
        spelled = tuple(key_name(key) for key in keys)
        words = _refusal(name, keys, spelled) or _clash(name, taken | {name: spelled}, asked)
        if words:
            problems.append(ConfigProblem(places.get(f"keymap.{name}", "config.toml"), words))
        else:
            taken[name] = spelled
    # Two actions may change places, in whichever order they are written; what still meets is dropped.
    while (bad := next((name for name in taken if _clash(name, taken, taken)), None)) is not None:
        words = _clash(bad, taken, taken)
        del taken[bad]
        problems.append(ConfigProblem(places.get(f"keymap.{bad}", "config.toml"), words))
    return taken, problems


def read_commands(
    asked: Mapping[str, tuple[str, ...]], places: Mapping[str, str], own: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, tuple[str, ...]], list[ConfigProblem]]:
    """Return the commands whose keys are free, by key in Textual's spelling, and the faults.

    Args:
        asked: key as people write it → words of a command.
        places: `commands.` and a key → line and column, for the problems.
        own: the keys that the user gave to actions.
    """
    taken: dict[str, tuple[str, ...]] = {}
    problems = []
    for key, words in asked.items():
        one = key_name(key)
        fault = f"{key} is there twice" if one in taken else _not_free(key, one, own)
        if fault:
            place = places.get(f"commands.{key}", "config.toml")
            problems.append(ConfigProblem(place, f"{fault}; this command is not used."))
        else:
            taken[one] = words
    return taken, problems


def _not_free(key: str, one: str, own: Mapping[str, tuple[str, ...]]) -> str:
    """Return why a key, as written and in Textual's spelling, cannot start a command; empty when it can."""
    if not _is_key(one):
        return f"{key} is not a key"
    if one in _LINKS:
        return f"{key} follows a link of the page"
    actions = (action for action in ACTIONS if not _family(action) and one in own.get(action.id, action.keys))
    return next((f"{key} is the key of {action.id}" for action in actions), "")


def _refusal(name: str, keys: Sequence[str], spelled: Sequence[str]) -> str:
    """Return why keys cannot be given to an action; empty when they can."""
    action = BY_ID.get(name)
    if action is None:
        near = get_close_matches(name, BY_ID, 1, 0.6)
        return f"There is no action {name}.{f' Did you mean {near[0]}?' if near else ''}"
    for key, one in zip(keys, spelled, strict=True):
        if not _is_key(one):
            return f"{name}: {key} is not a key; {_stays(action)}."
    if action.group == EDIT and not any(len(one) > 1 for one in spelled):
        return f"{name}: While text is typed a letter is a letter; {_stays(action)}."
    return ""


def _clash(name: str, taken: Mapping[str, tuple[str, ...]], asked: Mapping[str, object]) -> str:
    """Return a sentence when a key of an action is another one's; one that is asked to move may still go."""
    action = BY_ID[name]
    for key, count in Counter(taken[name]).items():
        if count > 1:
            return f"{name}: {shown(key)} is there twice; {_stays(action)}."
        for other in ACTIONS:
            moves = other.id in asked and other.id not in taken
            if other.id == name or moves or _family(other) != _family(action):
                continue
            if key in taken.get(other.id, other.keys):
                return f"{name}: {shown(key)} is the key of {other.id}; {_stays(action)}."
    return ""


def _family(action: Action) -> str:
    """Return the part of the app in which a key means one thing."""
    return action.group if action.group in (EDIT, MENU) else ""


def _stays(action: Action) -> str:
    return f"it stays {shown(action.keys[0])}"


def _is_key(key: str) -> bool:
    """Return whether a key, in Textual's spelling, is one that a terminal can send."""
    *modifiers, last = key.split("+")
    known = len(last) == 1 or key in _NAMED or last in _NAMED or len(shown(last)) == 1
    return known and set(modifiers) <= _MODIFIERS
