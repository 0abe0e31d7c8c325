"""A draft: the text typed for an entry and not saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Sort = Literal["edit", "add", "source", "session", "merge", "bulk"]


@dataclass(frozen=True)
class Typed:
    """One field of a draft."""

    base: str
    """The text of the file when the user began."""
    text: str
    """The text in the editor, as the editor spells it."""
    items: tuple[str, ...] = ()
    """The items that `base` was, when it was a list."""


@dataclass(frozen=True)
class Draft:
    """The typed text of one entry."""

    entry: str
    """Its id; of a new entry its kind, of the end of a session its project, of a merge its source; of a
    field of several entries their ids, one a line."""
    title: str
    """The title to show for it."""
    when: float
    """Seconds since the epoch when it was typed last."""
    markup: str = ""
    """The source of the entry when the user began."""
    fields: Mapping[str, Typed] = field(default_factory=dict)
    """The fields that were changed, by name."""
    message: str = ""
    """The commit message, when that was begun."""
    sort: Sort = "edit"
    """The object of the edit: the fields of an entry, a new entry, the source of one (a field without a
    name), the end of a session, the text for a conflict of a merge, or one field of several entries."""
    file: str = ""
    """The place meant for a new entry."""
    token: str = ""
    """The session that kept it; empty for this one."""

    def of_entries(self, renamed: Callable[[str], str]) -> Draft:
        """Return the draft of the same entries under their other ids; of anything else as it is."""
        if self.sort not in ("edit", "source", "bulk"):
            return self
        return replace(self, entry="\n".join(map(renamed, self.entry.split("\n"))))
