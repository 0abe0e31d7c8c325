"""The command that a misspelt name means, or the name that another tool has for it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_ELSEWHERE = {
    "blame": "history", "cat": "show", "copy": "duplicate", "cp": "duplicate", "create": "add",
    "find": "search", "fix": "repair", "get": "show", "grep": "search", "lint": "check", "log": "history",
    "ls": "list", "mv": "move", "new": "add", "open": "show", "pull": "sync", "push": "sync",
    "query": "search", "redo": "undo --redo", "reindex": "index", "remove": "delete", "rename": "move",
    "revert": "undo", "rm": "delete", "save": "commit", "set": "edit", "settings": "config", "st": "status",
    "stats": "trends", "tag": "edit", "tags": "rename-tag", "update": "edit", "validate": "check",
    "version": "--version", "view": "show",
}  # fmt: skip
"""Names of the like in other command lines: those of git, of the shell, of tools for notes."""
_NEARLY = 0.65
"""Share of its letters, by `difflib`, from which on it is misspelt: `ned` means `end`, `tree` nothing."""


def meant_command(name: str, commands: Iterable[str]) -> str:
    """Return the one of these commands that a name means, with its option; empty for none."""
    known = list(commands)
    other = _ELSEWHERE.get(name, "")
    if other and other.split()[0] in (*known, "--version"):
        return other
    return next(iter(get_close_matches(name, known, 1, _NEARLY)), "")
