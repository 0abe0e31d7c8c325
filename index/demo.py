"""The demo: sample_memories in a git repository that replays how it came to be.

The tree holds the last state only. `.history/commits.toml` beside it says what each commit
brought, and explains its own form; here the commits are walked backwards, each taken away from
the state it left behind, and the states found that way go to git in the right order.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index.memory.files import TreeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set
    from datetime import datetime

    from index.memory.document import Document

_HISTORY = ".history"
_KEYS = ("id", "name", "timestamp")
"""Children whose text names the entry they stand in, for entries without an id attribute."""
_CONFIG = """\
[core]
\tautocrlf = false
\thooksPath = {null}
[commit]
\tgpgsign = false
[gc]
\tauto = 0
"""
"""What a user's own settings must not do to the demo: change bytes, run hooks, ask for a key."""
_IDENTITY = "[user]\n\tname = you\n\temail = you@localhost\n"
"""Only where the user has none, so that an edit can be committed."""


class Edit(NamedTuple):
    """A field that a commit changed."""

    at: str
    """Key of the entry, or path of the file, then the names of the field: `DEBUG-004/level`."""
    was: str | None
    """Its text before the commit; None when the commit added the field."""


class Write(NamedTuple):
    """A file that a commit replaced as a whole."""

    file: str
    version: str | None
    """Path of the text in the history folder; None for the last state."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of the demo, as commits.toml tells it."""

    when: datetime
    author: str
    email: str
    message: str
    adds: tuple[str, ...]
    edits: tuple[Edit, ...]
    writes: tuple[Write, ...]


class Step(NamedTuple):
    """A commit and what it writes."""

    commit: Commit
    files: dict[str, bytes]
    """Path in the tree → content."""


def sample_tree() -> Path:
    """Return the tree that ships with memarium: package data, or the checkout's own folder.

    Raises:
        TreeError: the installation has lost it.
    """
    package = Path(str(resources.files("index")))
    for tree in (package / "sample_memories", package.parent / "sample_memories"):
        if tree.is_dir():
            return tree
    raise TreeError("The sample tree is missing; install memarium again.")


def demo_target() -> Path:
    """Return an empty folder for `make_demo`: the same one in the user's cache each time.

    The same path keeps one index for all demos; the copy of the last run is removed, because
    a demo starts fresh. Where the cache cannot be used it is a temporary folder.
    """
    import platformdirs

    try:
        cache = platformdirs.user_cache_path("memarium")
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Moved away first: another demo that still runs loses its files at once, not one by one.
        old = Path(tempfile.mkdtemp(prefix="demo-old-", dir=cache))
        target = cache / "demo"
        if target.exists() or target.is_symlink():
            target.rename(old / "demo")
        shutil.rmtree(old, ignore_errors=True)
        target.mkdir()
    except OSError:
        return Path(tempfile.mkdtemp(prefix="memarium-demo-"))
    return target


def make_demo(target: Path | None = None) -> Path:
    """Make `target`/shop, a repository whose history ends in the sample tree; return its memories.

    Without a target it is the folder of `demo_target`. Without a git program, or when git
    fails, the files are there and are not versioned.

    Raises:
        TreeError: `target`/shop exists already, or the sample tree is missing.
        OSError: the folder cannot be written.
    """
    tree = sample_tree()
    shop = (target or demo_target()) / "shop"
    if shop.exists():
        raise TreeError(f"{shop} exists already; the demo wants a new folder.")
    shop.mkdir(parents=True)
    memories = shop / "memories"
    git = shutil.which("git")
    if git is not None:
        try:
            _make_repository(git, shop, replay(tree))
            return memories
        except (subprocess.CalledProcessError, OSError):
            shutil.rmtree(shop)
    for path, data in _last_state(tree).items():
        file = memories / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return memories


# ── what the history says ─────────────────────────────────────────────────────


def read_history(tree: Path) -> list[Commit]:
    """Return the commits of a sample tree, oldest first."""
    import tomllib

    with (tree / _HISTORY / "commits.toml").open("rb") as file:
        told = tomllib.load(file)
    return [
        Commit(
            when=c["date"],
            author=c["author"],
            email=told["authors"][c["author"]],
            message=c["message"].strip(),
            adds=tuple(c.get("adds", ())),
            edits=tuple(Edit(e["at"], e.get("was")) for e in c.get("edits", ())),
            writes=tuple(Write(w["file"], w.get("version")) for w in c.get("writes", ())),
        )
        for c in told["commit"]
    ]


def replay(tree: Path) -> list[Step]:
    """Return every commit of the sample tree with the files it writes, oldest first.

    Raises:
        KeyError: the history names an entry or a field that is not there.
    """
    final = _last_state(tree)
    commits = read_history(tree)
    past = _Past(final)
    begins: dict[str, Commit] = {}
    for commit in commits:
        for path in past.changed(commit):
            begins.setdefault(path, commit)
    steps = []
    for commit in reversed(commits):
        files = {path: past.stamped(path, commit) for path in past.changed(commit)}
        for file, version in commit.writes:
            files[file] = (tree / _HISTORY / version).read_bytes() if version else final[file]
        steps.append(Step(commit, files))
        past.undo(commit, {path for path in files if begins.get(path) is not commit})
    return steps[::-1]


def _last_state(tree: Path) -> dict[str, bytes]:
    """Return the memory files of the sample tree, by path."""
    return {
        path.relative_to(tree).as_posix(): path.read_bytes()
        for path in sorted(tree.rglob("*.xml"))
        if _HISTORY not in path.relative_to(tree).parts
    }


class _Past:
    """The tree at one moment, moved backwards a commit at a time."""

    def __init__(self, final: Mapping[str, bytes]) -> None:
        from index.memory.document import Document

        self.documents = {path: Document.parse(data, path) for path, data in final.items()}
        self.homes: dict[str, str] = {}
        """Key of an entry → file."""
        for path, document in self.documents.items():
            for element in range(len(document.names)):
                for key in _keys(document, element):
                    self.homes.setdefault(key, path)

    def changed(self, commit: Commit) -> list[str]:
        """Return the files that the entries and fields of a commit are in, sorted."""
        return sorted({*map(self._home, commit.adds), *(self._place(edit.at)[0] for edit in commit.edits)})

    def stamped(self, path: str, commit: Commit) -> bytes:
        """Return a file as it is now, its metadata with the date of the commit, where it has one."""
        document = self.documents[path]
        if "last-updated" in document.names:
            element = document.names.index("last-updated")
            if document.text(element) != "TIMESTAMP":  # a template was never updated
                date = commit.when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                document = document.set_text(element, date)
        return document.to_bytes()

    def undo(self, commit: Commit, files: Set[str]) -> None:
        """Go to the moment before a commit, in `files`; a file that it began is not wanted earlier."""
        for edit in commit.edits:
            path, key, names = self._place(edit.at)
            if path in files:
                self.documents[path] = _undone(self.documents[path], key, names, edit.was)
        for key in commit.adds:
            if (path := self._home(key)) in files:
                document = self.documents[path]
                self.documents[path] = document.remove(_entry(document, key))

    def _home(self, key: str) -> str:
        return key if key in self.documents else self.homes[key]

    def _place(self, at: str) -> tuple[str, str, list[str]]:
        """Split the address of a field: its file, the key of its entry (empty: the root), its names."""
        for path in self.documents:
            if at.startswith(path + "/"):
                return path, "", at[len(path) + 1 :].split("/")
        key, *names = at.split("/")
        return self.homes[key], key, names


def _keys(document: Document, element: int) -> Iterable[str]:
    """Yield what names the record an element is."""
    if key := document.attributes(element).get("id"):
        yield key
    for child in document.children(element):
        if document.names[child] in _KEYS and (text := document.text(child)):
            yield text


def _entry(document: Document, key: str) -> int:
    for element in range(len(document.names)):
        if key in _keys(document, element):
            return element
    raise KeyError(key)


def _undone(document: Document, key: str, names: list[str], was: str | None) -> Document:
    """Return the document before one of its fields was changed, or added."""
    element = _entry(document, key) if key else 0
    for name in names:
        if name.startswith("@"):
            return document.set_attribute(element, name[1:], was or "")
        found = [c for c in document.children(element) if document.names[c] == name]
        if not found:
            raise KeyError("/".join([key, *names]))
        element = found[0]
    return document.remove(element) if was is None else document.set_text(element, was)


# ── to git ────────────────────────────────────────────────────────────────────


def _make_repository(git: str, shop: Path, steps: Iterable[Step]) -> None:
    """Write the steps as the history of a new repository and check its last state out."""

    def run(*arguments: str, text: bytes = b"") -> None:
        subprocess.run([git, *arguments], cwd=shop, env=_alone(), input=text, capture_output=True, check=True)

    run("init", "--quiet", "--template=")
    run("symbolic-ref", "HEAD", "refs/heads/main")
    with (shop / ".git" / "config").open("a", encoding="utf-8") as config:
        config.write(_CONFIG.format(null=os.devnull))
        if not _has_identity(git, shop):
            config.write(_IDENTITY)
    run("fast-import", "--quiet", text=b"".join(_stream(steps)))
    run("reset", "--quiet", "--hard")


def _stream(steps: Iterable[Step]) -> Iterable[bytes]:
    """Yield the commits in the format of git fast-import."""
    for commit, files in steps:
        offset = commit.when.strftime("%z")
        who = f"{commit.author} <{commit.email}> {int(commit.when.timestamp())} {offset}"
        yield f"commit refs/heads/main\nauthor {who}\ncommitter {who}\n".encode()
        yield _data(commit.message.encode() + b"\n")
        for path, content in files.items():
            yield f"M 100644 inline memories/{path}\n".encode()
            yield _data(content)


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _alone() -> dict[str, str]:
    """Return an environment in which git knows nothing of the user or of a surrounding repository."""
    return _plain() | {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}


def _plain() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return inherited | {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def _has_identity(git: str, shop: Path) -> bool:
    """Tell whether the user has told git a name and an address."""
    return all(
        subprocess.run(
            [git, "config", "--get", name], cwd=shop, env=_plain(), capture_output=True, check=False
        ).stdout.strip()
        for name in ("user.name", "user.email")
    )
