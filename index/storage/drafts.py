"""Drafts: edits that a user has typed and not saved, kept in the state folder to outlive a crash."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Any, get_args

from index.model.draft import Draft, Sort, Typed
from index.storage import locking
from index.storage.files import make_private, temporary_name, write_private

_SESSION = ".session"
"""Ends the name of the file that a running memarium holds locked: its drafts are nobody else's."""


class Drafts:
    """The drafts of one tree: those of this session, and those that ended sessions have left.

    Each is a file of its own (0600), replaced whole. Methods may be called from any thread.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._token = token_hex(8)
        self._held: locking.Lock | None = None
        self._lock = Lock()

    def keep(self, draft: Draft) -> None:
        """Write a draft; it replaces this session's draft of the same sort and entry.

        Raises OSError: the state folder cannot be written.
        """
        with self._lock:
            self._begin()
            self._write(draft, self._token)

    def _write(self, draft: Draft, token: str) -> Path:
        path = self._file(token, draft.sort, draft.entry)
        temporary = path.with_name(temporary_name())
        told = json.dumps(asdict(draft) | {"token": token})
        write_private(temporary, [told.encode("utf-8", "surrogatepass")])
        return temporary.replace(path)

    def take_over(self, other: Drafts, renamed: Callable[[Draft], Draft]) -> None:
        """Move the drafts here that ended sessions have left of another tree.

        Args:
            other: those of that tree.
            renamed: returns one of them with the ids that entries have in this tree.

        Raises:
            OSError: the state folder cannot be written; what was not moved stays there.
        """
        for draft in other.left():
            make_private(self._folder)
            self._write(renamed(draft), draft.token)
            other.drop(draft)

    def follow(self, renamed: Mapping[str, str]) -> None:
        """Hold the drafts of this session, and those that were left, by the new ids of their entries."""
        with self._lock, contextlib.suppress(OSError):
            old = [
                (path, draft)
                for path, draft in self._files()
                if any(one in renamed for one in draft.entry.split("\n"))
                and (draft.token == self._token or self._is_left(draft.token))
            ]
            new = [draft.of_entries(lambda one: renamed.get(one, one)) for _, draft in old]
            paths = {self._write(draft, draft.token) for draft in new}
            for path, _ in old:
                if path not in paths:
                    path.unlink(missing_ok=True)

    def drop(self, draft: Draft) -> None:
        """Forget a draft, of this session or of the one that left it."""
        token = draft.token or self._token
        with self._lock, contextlib.suppress(OSError):
            self._file(token, draft.sort, draft.entry).unlink(missing_ok=True)
            self._tidy(token)

    def left(self) -> list[Draft]:
        """Return the drafts that no running memarium holds, the newest first."""
        found = [draft for _, draft in self._files() if self._is_left(draft.token)]
        return sorted(found, key=lambda draft: draft.when, reverse=True)

    def _files(self) -> Iterator[tuple[Path, Draft]]:
        """Yield the drafts of every session, each with its file."""
        for path in [*self._folder.glob("*-*.json")]:
            if (draft := _read(path)) is not None:
                yield path, draft

    def find(self, entry: str, sort: Sort = "edit") -> Draft | None:
        """Return the newest left draft of a sort and an entry."""
        return next((draft for draft in self.left() if (draft.entry, draft.sort) == (entry, sort)), None)

    def close(self) -> None:
        """End the session: its drafts are left for the next one."""
        with self._lock, contextlib.suppress(OSError):
            self._tidy(self._token)
            self._let_go()

    def _tidy(self, token: str) -> None:
        """Remove the file of a session that holds nothing any more."""
        if not any(self._folder.glob(f"{token}-*.json")):
            (self._folder / (token + _SESSION)).unlink(missing_ok=True)
            if token == self._token:
                self._let_go()

    def _let_go(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None

    def _file(self, token: str, sort: Sort, entry: str) -> Path:
        key = f"{sort} {entry}".encode("utf-8", "surrogatepass")
        name = hashlib.blake2b(key, digest_size=10).hexdigest()
        return self._folder / f"{token}-{name}.json"

    def _begin(self) -> None:
        """Lock the session's file; the system frees it when the process ends, however it ends."""
        if self._held is None:
            make_private(self._folder)
            held = locking.Lock(self._folder / (self._token + _SESSION))
            with contextlib.suppress(OSError):  # better a draft that another one may offer too than none
                held.take()
            self._held = held

    def _is_left(self, token: str) -> bool:
        if token == self._token:
            return False
        path = self._folder / (token + _SESSION)
        if not path.exists():
            return True
        try:
            lock = locking.Lock(path)
        except OSError:
            return True
        try:
            return lock.take_now(shared=True)
        except OSError:
            return True
        finally:
            lock.close()


def _read(path: Path) -> Draft | None:
    """Read a draft; a damaged one is passed over."""
    try:
        told = json.loads(path.read_text("utf-8", "surrogatepass"))
        texts = {name: told[name] for name in ("entry", "title", "markup", "message", "file", "token")}
        if told["sort"] not in get_args(Sort) or not all(isinstance(text, str) for text in texts.values()):
            return None
        fields = dict(_fields(told["fields"]))
        return Draft(**texts, sort=told["sort"], when=float(told["when"]), fields=fields)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _fields(told: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Typed]]:
    for name, typed in told.items():
        base, text, items = typed["base"], typed["text"], typed["items"]
        if not all(isinstance(part, str) for part in (base, text, *items)):
            raise TypeError
        yield name, Typed(base, text, tuple(items))
