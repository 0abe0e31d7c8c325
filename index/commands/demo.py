"""The demo: sample_memories in a git repository with the history of how it came to be.

The tree holds the last state only; the bundle in it holds all commits. To change the history, change that
of a demo with git, copy its memories over the sample tree, and write the bundle anew, in the demo:
`git repack -adf && git bundle create .../sample_memories/.history.bundle main`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from textwrap import indent

from index.formats.registry import is_listed, is_memory
from index.model.display import shorten
from index.model.errors import TreeError
from index.rendering.text import entry_line, entry_text, problem_line
from index.workspace import Workspace

LAST = date(2025, 11, 21)
"""The day of the last commit of the sample history."""
_DAY = re.compile(rb"(?<!\d)(?<!\d-)20\d\d-[01]\d-[0-3]\d(?!\d|-\d)")
_PERSON = re.compile(rb"((?:author|committer|tagger) .*> )(\d+)( [+-]\d{4})")
_A_WEEK = 7
_SECONDS = 86_400


def weeks_until(today: date) -> int:
    """Return by how many days, of whole weeks, the history has to move to end in the last seven days."""
    return max(0, (today - LAST).days // _A_WEEK * _A_WEEK)


def move_text(data: bytes, days: int) -> bytes:
    """Return a text with every ISO date in it moved; its length stays.

    >>> move_text(b"<timestamp>2025-12-30T10:00:00Z</timestamp> v2025-1", 7)
    b'<timestamp>2026-01-06T10:00:00Z</timestamp> v2025-1'
    """
    return _DAY.sub(lambda found: _moved(found[0], days), data)


def move_history(stream: bytes, days: int) -> bytes:
    """Return a stream of `git fast-export` with the times of its commits and the dates in its texts moved."""
    out: list[bytes] = []
    at = 0
    while at < len(stream):
        end = stream.find(b"\n", at) + 1 or len(stream)
        line = stream[at:end]
        at = end
        if line.startswith(b"data "):
            size = int(line[5:])
            out += (line, move_text(stream[at : at + size], days))
            at += size
        else:
            out.append(_PERSON.sub(lambda found: _later(found, days), line))
    return b"".join(out)


def _moved(day: bytes, days: int) -> bytes:
    try:
        return (date.fromisoformat(day.decode()) + timedelta(days)).isoformat().encode()
    except (ValueError, OverflowError):  # it only looks like a date
        return day


def _later(found: re.Match[bytes], days: int) -> bytes:
    return found[1] + str(int(found[2]) + days * _SECONDS).encode() + found[3]


HISTORY = ".history.bundle"
"""Name of the bundle in the sample tree."""
BESIDE = ".project"
"""Name of the folder in the sample tree that holds the files beside it in the project."""
_CONFIG = """\
[core]
\tautocrlf = false
\thooksPath = {null}
[commit]
\tgpgsign = false
[gc]
\tauto = 0
"""
"""Git settings that keep a user's own from changing bytes, running hooks or asking for a key in the demo."""
_SHOP = "shop"
_MEMORIES = "memories"
_REMEMBERED = "memory: what Claude Code remembers"
_IDENTITY = "[user]\n\tname = you\n\temail = you@localhost\n"
"""Only where the user has none, so that an edit can be committed."""


def sample_tree() -> Path:
    """Return the tree that ships with memarium: package data, or the checkout's own folder.

    Raises TreeError: the installation has lost it.
    """
    package = Path(str(resources.files("index")))
    for tree in (package / "sample_memories", package.parent / "sample_memories"):
        if tree.is_dir():
            return tree
    raise TreeError("The sample tree is missing; install memarium again.")


def demo_target() -> Path:
    """Return an empty folder for `make_demo`: the same one in the user's cache each time.

    The same path keeps one index for all demos; the copy of the last run is removed, and all that was kept
    about it, because a demo starts fresh. Where the cache cannot be used it is a temporary folder.
    """
    import platformdirs

    from index.workspace import Workspace

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
        for tree in (target / _SHOP, target / _SHOP / _MEMORIES):
            Workspace.forget(tree)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="memarium-demo-"))
    return target


def make_demo_project(target: Path | None = None, today: date | None = None) -> Path:
    """Make the demo with a second store beside `memories`, the memory of Claude Code; return the project.

    The errors are those of `make_demo`.
    """
    shop = make_demo(target, today).parent
    days = weeks_until(today) if today else 0
    beside = sample_tree() / BESIDE
    for file in sorted(beside.rglob("*")):
        if is_memory(file.name):
            copy = shop / file.relative_to(beside)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(move_text(file.read_bytes(), days))
    git = shutil.which("git")
    if git is not None and (shop / ".git").is_dir():
        when = datetime.combine(LAST + timedelta(days), time(17, 50), UTC).isoformat()
        said = {"NAME": "claude", "EMAIL": "claude@shop.example", "DATE": when}
        who = {f"GIT_{role}_{part}": text for role in ("AUTHOR", "COMMITTER") for part, text in said.items()}
        for words in (["add", "--all"], ["commit", "--quiet", f"--message={_REMEMBERED}"]):
            subprocess.run([git, *words], cwd=shop, env=_alone() | who, capture_output=True, check=False)
    return shop


def make_demo(target: Path | None = None, today: date | None = None) -> Path:
    """Make `target`/shop, a repository whose history ends in the sample tree; return its memories.

    Without a target it is the folder of `demo_target`. Without a git program, or when git
    fails, the files are there and are not versioned. With `today` all its dates move by whole weeks,
    so that it ends in the last seven days.

    Raises:
        TreeError: `target`/shop exists already, or the sample tree is missing.
        OSError: the folder cannot be written.
    """
    tree = sample_tree()
    shop = (target or demo_target()) / _SHOP
    if shop.exists():
        raise TreeError(f"{shop} exists already; the demo wants a new folder.")
    shop.mkdir(parents=True)
    memories = shop / _MEMORIES
    days = weeks_until(today) if today else 0
    git = shutil.which("git")
    if git is not None:
        try:
            _make_repository(git, shop, tree / HISTORY, days)
            return memories
        except (subprocess.CalledProcessError, OSError):
            shutil.rmtree(shop)
    for path, data in _last_state(tree).items():
        file = memories / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(move_text(data, days))
    return memories


def _last_state(tree: Path) -> dict[str, bytes]:
    """Return the memory files of the sample tree, by path."""
    files = {path.relative_to(tree).as_posix(): path for path in tree.rglob("*")}
    return {path: file.read_bytes() for path, file in files.items() if is_listed(path)}


def _make_repository(git: str, shop: Path, bundle: Path, days: int) -> None:
    """Make a repository of the bundle, its dates moved, and check its last state out."""

    def run(*arguments: str, text: bytes = b"") -> bytes:
        return subprocess.run(
            [git, *arguments], cwd=shop, env=_alone(), input=text, capture_output=True, check=True
        ).stdout

    run("init", "--quiet", "--template=")
    run("symbolic-ref", "HEAD", "refs/heads/main")
    with (shop / ".git" / "config").open("a", encoding="utf-8") as config:
        config.write(_CONFIG.format(null=os.devnull))
        if not _has_identity(git, shop):
            config.write(_IDENTITY)
    run("fetch", "--quiet", "--update-head-ok", str(bundle), "main:main")
    if days:
        history = run("fast-export", "--reencode=no", "main")
        run("fast-import", "--quiet", "--force", text=move_history(history, days))
    run("reset", "--quiet", "--hard")


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


QUERY = "connection pool"
_WIDTH = 110


def tour(root: Path) -> Iterator[str]:
    """Yield the lines of a tour through the tree at `root`."""
    workspace = Workspace.open(root)
    workspace.tree.load()
    workspace.search.update()
    snapshot = workspace.tree.snapshot
    groups = ", ".join(f"{count} {name}" for name, count in _groups(workspace) if count)
    yield f"{root}"
    yield f"{snapshot.total} entries in {len(snapshot.records)} files: {groups}"
    yield ""
    yield f"$ memarium search {QUERY!r} -n 4"
    results = workspace.search.find(QUERY, limit=4)
    for hit in results:
        yield "  " + shorten(entry_line(hit.entry), _WIDTH)
    yield f"  {len(results)} of {results.total}, {results.took_ms:.0f} ms"
    yield ""
    best = results.hits[0].entry
    yield f"$ memarium show {best.key}"
    yield indent(entry_text(best), "  ")
    yield ""
    yield "$ memarium check"
    problems = [problem for problem in workspace.tree.problems() if problem.level == "error"]
    for problem in problems[:4]:
        yield "  " + shorten(problem_line(problem), _WIDTH)
    yield f"  {len(problems)} errors in {snapshot.broken} files; memarium repair FILE fixes one"
    yield ""
    if workspace.tree.unversioned:
        yield f"The history of the sample is missing. {workspace.tree.unversioned}"
    yield "In a terminal, memarium demo opens this tree in the app. memarium --help lists the commands."
    workspace.close()


def _groups(workspace: Workspace) -> tuple[tuple[str, int], ...]:
    from index.model.facets import count_facets

    return count_facets(entry for entry in workspace.tree.entries() if not entry.template).groups
