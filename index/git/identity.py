"""The author of commits: git is asked once, and again when its settings have changed."""

from __future__ import annotations

import getpass
import re
from contextlib import suppress

from index.git.configuration import GitConfiguration
from index.git.runner import GitResult, Runner
from index.model.errors import Refused
from index.model.path_spelling import shown

FINDER = ("memarium", "memarium@localhost")
"""Name and address of the author of edits that memarium found, in the versions that it keeps itself."""
_NO_DATE = re.compile(r"^fatal: invalid date format: (.*)$", re.MULTILINE)


class CommitIdentity:
    """The identity that git would commit with in one working copy."""

    def __init__(self, runner: Runner, settings: GitConfiguration, *, stands_in: bool = False) -> None:
        """With `stands_in`, commits are made in the name of the login where git knows nobody."""
        self._stands_in = stands_in
        self._runner = runner
        self._settings = settings
        self._name = self._signer = ""
        self._told_by: object = None

    def name(self) -> str:
        """Return the name that commits will carry. Raises Refused: git knows none, and how to tell it."""
        told_by = self._settings.mark()
        if not self._name or told_by != self._told_by:
            self._ask()
            self._told_by = told_by
        return self._name

    def signer(self) -> str:
        """Return by whose key commits are signed where no key is named: `Name <address>`; as `name`."""
        self.name()
        return self._signer

    def _ask(self) -> None:
        asked = [self._runner.read("var", who) for who in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT")]
        idents = [result.out.decode("utf-8", "replace").rpartition("> ")[0] for result in asked]
        names = [ident.rpartition(" <")[0].strip() for ident in idents]
        if not all(names) and self._stands_in:
            self._name = _login()
            address = f"{self._name}@localhost"
            for who in ("AUTHOR", "COMMITTER"):
                self._runner.own |= {f"GIT_{who}_NAME": self._name, f"GIT_{who}_EMAIL": address}
            self._signer = f"{self._name} <{address}>"
            return
        if not all(names):
            if wrong := next(filter(None, map(_refused_date, asked)), ""):
                raise Refused(
                    f"git does not read {wrong} as a date: unset GIT_AUTHOR_DATE and GIT_COMMITTER_DATE, or "
                    "set them to a date, then save again. Nothing was written."
                )
            raise Refused(
                'git does not know who you are: run git config --global user.name "Your Name" and '
                "git config --global user.email you@example.com, then save again. Nothing was written."
            )
        self._name, self._signer = names[-1], f"{idents[-1]}>"


def _refused_date(result: GitResult) -> str:
    """Return the date in the environment that git cannot read; empty where that is not why it failed."""
    found = _NO_DATE.search(result.err.decode("utf-8", "replace"))
    return shown(found[1]) if found else ""


def _login() -> str:
    """Return the name of the login; `you` where the system knows none that git would take."""
    with suppress(OSError, KeyError):
        name = getpass.getuser()
        if name.strip(" .,:;<>\"'\\") == name and name.isprintable() and name:
            return name
    return "you"
