"""The user's own editor: which command opens a file at a line, and the private copy it works on."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import tempfile
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from typing import Final

from index.model.errors import EditorError
from index.storage.config_file import read_config
from index.storage.failure_log import keep_refused

_OWN: Final = "MEMARIUM_EDITOR"
"""The variable that goes before the settings."""
_NAMES: Final = ("VISUAL", "EDITOR")
"""Variables that name the editor of all programs, the first one first; the settings go before them."""
_UNSAFE = re.compile(r"[^\w.-]+")
_PLUS: Final = frozenset(
    (
        "ee", "emacs", "emacsclient", "gvim", "jed", "joe", "kak", "mg",
        "micro", "nano", "ne", "nvim", "pico", "vi", "view", "vim",
    )
)  # fmt: skip
"""Editors that take `+LINE` before the file."""
_GOTO: Final = frozenset(("code", "code-insiders", "codium", "vscodium", "cursor", "windsurf"))
"""Editors that take `--goto FILE:LINE`, and return at once unless told to wait."""
_COLON: Final = frozenset(("subl", "zed", "zeditor"))
"""Editors that take `FILE:LINE` and `--wait`."""
_HELIX: Final = frozenset(("hx", "helix"))


def named_editor(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the user names an editor of their own."""
    return bool(_wanted(environ)[1])


def _wanted(environ: Mapping[str, str]) -> tuple[str, str]:
    """Return who names an editor, and the command; both empty where nobody does."""
    pairs = [(f"${name}", environ.get(name, "")) for name in (_OWN, *_NAMES)]
    pairs.insert(1, ("editor in config.toml", read_config().editor))
    return next(((who, command) for who, command in pairs if command.strip()), ("", ""))


def editor_command(path: Path, line: int, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return the command that opens `path` at `line` (1-based) in the user's editor.

    `$MEMARIUM_EDITOR`, the settings, `$VISUAL`, `$EDITOR`, then vi. The words are split as a shell would,
    but no shell ever runs them.

    Raises EditorError: the variable cannot be read, or names a program that is not there.

    >>> editor_command(Path("a.xml"), 7, {"EDITOR": "sh -c", "PATH": "/bin:/usr/bin"})
    ['sh', '-c', 'a.xml']
    """
    name, wanted = _wanted(environ)
    wanted = wanted or "vi"
    try:
        words = shlex.split(wanted)
    except ValueError as error:
        raise EditorError(f"{name} cannot be read: {str(error).lower()}.") from error
    if not words or shutil.which(words[0], path=environ.get("PATH")) is None:
        missing = words[0] if words else wanted
        raise EditorError(f"The editor {missing} is not installed: set {name or '$EDITOR'} to one that is.")
    return words + _place(PurePath(words[0]).name, words, path, max(1, line))


def _place(editor: str, words: list[str], path: Path, line: int) -> list[str]:
    wait = [] if {"--wait", "-w"} & set(words) else ["--wait"]
    if editor in _PLUS:
        return [f"+{line}", str(path)]
    if editor in _GOTO:
        return [*wait, "--goto", f"{path}:{line}"]
    if editor in _COLON:
        return [*wait, f"{path}:{line}"]
    return [f"{path}:{line}" if editor in _HELIX else str(path)]


def private_copy(name: str, data: bytes, suffix: str) -> Path:
    """Write `data` to a new file that only its owner can read, in a folder of its own.

    The original is never handed to an editor: it may change behind the editor's back, and is compared
    with what was copied before anything is saved. `name` gives the copy its name, `suffix` tells the editor
    what it holds. Raises OSError: the temporary folder cannot be written.
    """
    stem = _UNSAFE.sub("-", PurePath(name).stem).strip("-.") or "memory"
    path = Path(tempfile.mkdtemp(prefix="memarium-")) / f"{stem[:60]}{suffix}"
    path.touch(0o600, exist_ok=False)
    path.write_bytes(data)
    return path


@contextmanager
def keyboard_for_others() -> Iterator[None]:
    """Let ctrl+c end the program alone that has the terminal: it reaches memarium, too."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def edited(copy: Path, before: bytes) -> bytes:
    """Return the text that an editor left in a private copy; `before` where it left no file.

    A byte order mark that it put in front is none of the text.
    """
    try:
        data = copy.read_bytes()
    except OSError:
        return before
    return data if before.startswith(BOM_UTF8) else data.removeprefix(BOM_UTF8)


def keep_copy(path: Path) -> str:
    """Keep the text of a private copy where refused texts are kept, and return the path of that."""
    kept = ""
    with suppress(OSError):
        kept = keep_refused(path.read_bytes(), path.suffix)
    if not kept:
        return str(path)
    drop_copy(path)
    return kept


def drop_copy(path: Path) -> None:
    """Remove a private copy, its folder, and the editor's files beside it."""
    shutil.rmtree(path.parent, ignore_errors=True)
