"""Checks before anything is written: whether git would take an edit, and if not, why."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha1
from itertools import islice
from pathlib import Path

from index.formats.registry import is_memory
from index.git.conversions import may_have
from index.git.saving.locks import read_only
from index.git.sparse import is_sparse
from index.git.worktree import Worktree
from index.model.errors import OnNoBranch, Refused, as_clause
from index.model.path_spelling import shown, unspelled
from index.model.text.letters import folded

_CONVERTING = (b"filter", b"working-tree-encoding")
"""Attributes by which git may be unable to take a file: https://git-scm.com/docs/gitattributes."""
_ASKED = 200
"""Files of a tree of which git is asked whether it ignores them."""
_NEW = "memory.md"


def check_ready(checkout: Worktree, *, detached: bool = False) -> None:
    """Raise Refused when a commit cannot or should not be made here now.

    Args:
        detached: the user wants a commit on no branch.
    """
    if busy := checkout.busy():
        raise Refused(
            f"A {busy} is in progress in this repository: finish or abort it, then save again. "
            "Nothing was written."
        )
    if not detached and not checkout.branch():
        raise OnNoBranch(
            "The repository is on no branch (detached HEAD), so a commit is easily lost: "
            "run git switch -c NAME to make one here, then save again. Nothing was written."
        )
    for name in _written_by_git(checkout):
        # Asked once more where it is there: another git may have made it in between.
        if not os.access(name, os.W_OK) and os.path.exists(name) and not os.access(name, os.W_OK):
            raise read_only(Path(name))
    checkout.identity()


def _written_by_git(checkout: Worktree) -> Iterator[str]:
    """Yield the places that a commit may write; some are not ours after a git that ran as another user."""
    own, common = os.fspath(checkout.git_dir), os.fspath(checkout.common_dir)
    branch = f"refs/heads/{checkout.branch()}"
    yield from (own, f"{common}/objects", *(f"{common}/objects/{at:02x}" for at in range(256)))
    yield from (f"{own}/logs/HEAD", f"{common}/logs/{branch}", f"{common}/{branch}".rpartition("/")[0])


def check_files(checkout: Worktree, known: Sequence[Path], new: Sequence[Path]) -> None:
    """Raise Refused when git would not take one of these files.

    Args:
        known: files that the last commit holds, links followed.
        new: files that it does not hold.
    """
    _check_index(checkout, [*known, *new])
    for real in new:
        _check_new(checkout, real)


def check_content(checkout: Worktree, files: Mapping[Path, bytes]) -> None:
    """Raise Refused when git could not store the new bytes of these files.

    That is so where line ends must come back as they were (`core.safecrlf`), where a filter that must succeed
    is missing or fails, and where a text is not in the encoding that an attribute names. git is only asked
    where its settings leave room for that; it stores the objects, as the commit is about to do.
    """
    strict = checkout.settings.values().get("core.safecrlf", "").lower() != "warn"
    strict = strict and checkout.settings.is_true("core.safecrlf") is not False
    for real, data in files.items():
        if not (strict or may_have(checkout, real, *_CONVERTING)):
            continue
        asked = checkout.runner.write(
            "hash-object", "-w", "--stdin", f"--path={checkout.git_path(real)}", stdin=data
        )
        if asked.code and not (_is_about_line_ends(asked.err) and _keeps_line_ends(checkout, real)):
            raise Refused(f"{_why_not_stored(checkout, real, asked.err)} Nothing was written.")


def _why_not_stored(checkout: Worktree, real: Path, said: bytes) -> str:
    """Return why git cannot store a file and the way out, in one sentence."""
    name, words = shown(real.relative_to(checkout.tree)), as_clause(said)
    if _is_about_line_ends(said):
        return (
            f"git would not give back the line ends of {name} as they are, and its setting core.safecrlf "
            "forbids that: run git config core.safecrlf warn, or change core.autocrlf or the file's line "
            "ends, then save again."
        )
    if b"clean filter" in said:
        named = words.rpartition("clean filter '")[2].partition("'")[0]
        return (
            f"The filter {named} that git needs to store {name} is missing or fails: install it or fix "
            f"filter.{named}.clean in git's settings, then save again. It said: {words}."
        )
    if b"failed to encode" in said or b"BOM is " in said or b"working-tree-encoding" in said:
        return (
            f"git cannot store {name} in the encoding that its attribute working-tree-encoding names: "
            f"correct .gitattributes or the file, then save again. It said: {words}."
        )
    return f"git cannot store {name}: fix what it says, then save again. It said: {words}."


def _is_about_line_ends(said: bytes) -> bool:
    return b"would be replaced by" in said


def _keeps_line_ends(checkout: Worktree, real: Path) -> bool:
    """Whether git leaves a file's line ends alone because those of its index are CRLF already.

    `hash-object` does not know the index. https://git-scm.com/docs/gitattributes#_text
    """
    listed = checkout.runner.read("ls-files", "--eol", "--", checkout.git_path(real)).out
    index, _, attributes = listed.partition(b"attr/")
    by_itself = not attributes.split(b"\t")[0].strip() or b"text=auto" in attributes
    return by_itself and index.startswith((b"i/crlf", b"i/mixed"))


def _check_index(checkout: Worktree, files: Sequence[Path]) -> None:
    """Raise Refused when the index cannot be read, or tells git to pass over one of the files."""
    if _is_plain(checkout.git_dir / "index"):
        return
    result = checkout.runner.read("ls-files", "-v", "-z", "--", *map(checkout.git_path, files))
    if result.code:
        words, index = as_clause(result.err), shown(checkout.git_dir / "index")
        raise Refused(
            f"git cannot read its index: {words}. Remove {index} and run git reset, which makes it anew, "
            "then save again. Nothing was written."
        )
    sparse = is_sparse(checkout.git_dir)
    for line in map(os.fsdecode, result.out.split(b"\0")):
        mark, _, path = line.partition(" ")
        # What a sparse checkout left out is taken up again by git as soon as it is on the disk.
        if mark.upper() == "S" and not (sparse and not os.path.lexists(checkout.root / path)):
            name = shown((checkout.root / path).relative_to(checkout.tree))
            raise Refused(
                f"git is told to pass over changes of {name} (its skip-worktree bit is set): run "
                f"git update-index --no-skip-worktree {shown(path)}, then save again. Nothing was written."
            )


def _is_plain(index: Path) -> bool:
    """Whether an index is whole and has no room for a skip-worktree bit, which its second version lacks.

    It spares nearly every save a process. https://git-scm.com/docs/index-format
    """
    data = b""
    with contextlib.suppress(OSError):
        data = index.read_bytes()
    end, at = len(data) - 20, 12
    if data[:8] != b"DIRC\0\0\0\2" or sha1(data[:end]).digest() != data[end:]:
        return False
    for _ in range(int.from_bytes(data[8:12])):
        name = int.from_bytes(data[at + 60 : at + 62]) % 0x1000
        at += (name + 70) // 8 * 8
    while at < end and data[at : at + 1].isupper():  # an extension in small letters must be understood
        at += 8 + int.from_bytes(data[at + 4 : at + 8])
    return at == end


def _check_new(checkout: Worktree, real: Path) -> None:
    """Raise Refused when git would not take a new file: it ignores it, or another repository holds it."""
    if checkout.kept:
        return
    _check_owner(checkout, real)
    name = shown(real.relative_to(checkout.tree))
    if held := _held_as(checkout, real):
        raise Refused(
            f"git holds {name} under another spelling: run git mv {shown(held)} "
            f"{shown(checkout.git_path(real))} and git commit, then save again. Nothing was written."
        )
    if rule := ignoring_rule(checkout, real):
        raise Refused(
            f"git ignores {name} ({rule}), so it cannot be "
            "committed: change that rule, then save again. Nothing was written."
        )


def _check_owner(checkout: Worktree, real: Path) -> None:
    if inner := checkout.inner_repository(real):
        raise Refused(
            f"{shown(real.relative_to(checkout.tree))} belongs to the repository {shown(inner)}: "
            "open that folder to edit it. Nothing was written."
        )


def _held_as(checkout: Worktree, real: Path) -> str:
    """Return under which path git holds a file that the disk spells otherwise; empty for none.

    A file system that does not tell case, or composed letters, apart takes both for one; git does not.
    """
    path = checkout.git_path(real)
    folder = path.rpartition("/")[0]
    listed = checkout.runner.read("ls-files", "-z", "--", folder or ".").out if os.path.exists(real) else b""
    for held in map(os.fsdecode, listed.split(b"\0")):
        if held != path and folded(held) == folded(path):
            with contextlib.suppress(OSError):
                if (checkout.root / held).samefile(real):
                    return held
    return ""


def ignoring_rule(checkout: Worktree, real: Path) -> str:
    """Return the rule by which git ignores a file, `.gitignore line 1: memories/`; empty when it does not.

    Files that are tracked all the same are never ignored.

    Raises Refused: git cannot take the file for another reason.
    """
    result = checkout.runner.ignored([checkout.git_path(real)], "--verbose")
    if result.code not in (0, 1):
        _check_owner(checkout, real)
        name = shown(real.relative_to(checkout.tree))
        raise Refused(f"git cannot take {name}: {as_clause(result.err)}. Nothing was written.")
    source, line, pattern, *_ = [*map(os.fsdecode, result.out.split(b"\0")), "", "", ""]
    if not source or pattern.startswith("!"):
        return ""
    return f"{shown(source)} line {line}: {shown(pattern)}"


def ignores_tree(checkout: Worktree, files: Sequence[Path]) -> str:
    """Return the rule by which git ignores these files where it holds no file of the tree; else nothing."""
    head = checkout.head()
    if not files or any(checkout.objects.blob_id(head, checkout.git_path(real)) for real in files):
        return ""
    rules = []
    for real in files:
        rules.append(ignoring_rule(checkout, real))
        if not rules[-1]:
            return ""
    return "" if _holds_tree(checkout, head) else rules[0]


def ignores_all(checkout: Worktree) -> str:
    """Return the rule by which git ignores every memory file of the tree; empty where it holds or takes one.

    Of a tree without files, the name of a new one is asked about. Empty, too, where git cannot tell.
    """
    files = _memory_files(checkout)
    first = next(files, None) or checkout.tree.joinpath(*map(unspelled, checkout.scope.places[:1]), _NEW)
    rule = ""
    with contextlib.suppress(Refused):  # the save asks again, and says why
        rule = ignoring_rule(checkout, first)
    if not rule or _holds_tree(checkout, checkout.head()):
        return ""
    paths = [checkout.git_path(real) for real in (first, *islice(files, _ASKED))]
    ignored = checkout.runner.ignored(paths).out.split(b"\0")[:-1]
    return rule if len(ignored) == len(paths) else ""


def _memory_files(checkout: Worktree) -> Iterator[Path]:
    """Yield the memory files of a tree, but no links and other repositories: git looks behind none."""
    for place in map(unspelled, checkout.scope.places or ("",)):
        if (checkout.tree / place).is_file():
            yield checkout.tree / place
        for folder, folders, names in os.walk(checkout.tree / place):
            inside = (one for one in folders if one[0] != ".")
            # As lexists has it, a folder that may not be looked into holds none.
            folders[:] = [one for one in inside if not os.path.lexists(f"{folder}/{one}/.git")]
            files = (Path(folder, name) for name in names if is_memory(name) and not name.startswith("."))
            yield from (file for file in files if not file.is_symlink())


def _holds_tree(checkout: Worktree, head: str | None) -> bool:
    """Whether the index or the last commit holds a file of the tree."""
    place = checkout.prefix.rstrip("/")
    if checkout.runner.read("ls-files", "-z", "--", *checkout.places).out:
        return True
    scope = map(unspelled, checkout.scope.places)
    listed = head and checkout.runner.read("ls-tree", "-z", "--full-tree", f"{head}:{place}", *scope).out
    return bool(listed)
