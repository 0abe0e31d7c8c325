"""Clones that edit, add and move at random, and sync: they come to hold the same, nothing lost or doubled."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.git.repository import Repository
from index.history.sync import sync as sync_trees
from index.model.errors import HistoryError
from index.model.merge_outcomes import MergeConflict
from tests.support.git import commit_all, git
from tests.support.trial import Trial

FILES = ("a.xml", "b.xml")
_ENTRY = re.compile(r"  <solution id=\"([^\"]+)\">\n.*?  </solution>\n", re.DOTALL)


class Clone:
    """A working copy whose entries are changed as an agent does, by text."""

    def __init__(self, root: Path) -> None:
        self.root = root
        repository = Repository.find(root)
        assert repository is not None
        self.repository = repository

    def git(self, *arguments: str) -> str:
        return git(self.root, *arguments)

    def entries(self) -> list[tuple[str, str, str]]:
        """Return file, id and text of all entries."""
        texts = {name: (self.root / name).read_text("utf-8") for name in FILES}
        return [(name, found[1], found[0]) for name in FILES for found in _ENTRY.finditer(texts[name])]

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text("utf-8")
        assert text.count(old) == 1
        (self.root / name).write_text(text.replace(old, new), "utf-8")

    def add(self, name: str, text: str) -> None:
        self.replace(name, "</solutions>\n", f"{text}</solutions>\n")

    def commit(self, message: str) -> None:
        self.git("commit", "-qam", message)


def entry(key: str) -> str:
    return f'  <solution id="{key}">\n    <fix>first</fix>\n    <note>none</note>\n  </solution>\n'


@pytest.fixture
def make_clones(tmp_path: Path) -> Iterator[Callable[[int], list[Clone]]]:
    """Return a maker of clones of one repository with six entries in two files."""
    made: list[Clone] = []

    def make(count: int) -> list[Clone]:
        folder = tmp_path / f"of {count}"
        folder.mkdir()
        git(folder, "init", "-q", "--bare", "-b", "main", str(folder / "shared.git"))
        for n in range(count):
            root = folder / f"clone {n}"
            git(folder, "clone", "-q", str(folder / "shared.git"), str(root))
            if not n:
                for number, name in enumerate(FILES):
                    text = "".join(entry(f"{number}-{k}") for k in range(3))
                    (root / name).write_text(f"<solutions>\n{text}</solutions>\n", "utf-8")
                commit_all(root)
                git(root, "push", "-q", "origin", "main")
            made.append(Clone(root))
        return made[-count:]

    yield make
    for clone in made:
        clone.repository.close()


def change(trial: Trial, clone: Clone, number: int) -> str:
    """Do something at random, and return the id of an entry that was added."""
    name, key, text = trial.random.choice(clone.entries())
    what = trial.random.choice(["edit", "edit", "note", "add", "add", "move"])
    if what == "add":
        clone.add(trial.random.choice(FILES), entry(f"n{number}"))
    elif what == "move":
        clone.replace(name, text, "")
        clone.add(FILES[1 - FILES.index(name)], text)
    else:
        field = "fix" if what == "edit" else "note"
        clone.replace(name, text, re.sub(f"<{field}>.*</{field}>", f"<{field}>v{number}</{field}>", text))
    clone.commit(f"{what} {key}")
    trial.counts[{"note": "edit"}.get(what, what) + "s"] += 1
    return f"n{number}" if what == "add" else ""


def sync(trial: Trial, clone: Clone, told: set[str]) -> bool:
    """Sync, with a random side for each conflict; False when it was refused."""

    def choose(conflicts: tuple[MergeConflict, ...]) -> dict[tuple[str, str], str]:
        trial.counts["conflicts told"] += len(conflicts)
        told.update(one.entry.rpartition("#")[2] for one in conflicts)
        return {(one.entry, one.field): trial.random.choice(["ours", "theirs"]) for one in conflicts}

    trial.counts["syncs"] += 1
    try:
        outcome = sync_trees(clone.repository.checkout, choose, intents=clone.repository.intents)
    except HistoryError:
        trial.counts["refused"] += 1
        return False
    return outcome.complete


@pytest.mark.parametrize("count", [2, 3])
def test_clones_come_to_hold_the_same(
    trial: Callable[..., Trial], make_clones: Callable[[int], list[Clone]], count: int
) -> None:
    """Each round: one clone changes something and, more often than not, syncs; in the end all do."""
    rounds = trial(
        f"{count} clones with random edits, moves, adds on all sides, and syncs", short=6, long=250
    )
    clones = make_clones(count)
    told: set[str] = set()
    known = {key for _, key, _ in clones[0].entries()}
    for number in range(rounds.rounds):
        clone = rounds.random.choice(clones)
        if added := change(rounds, clone, number):
            known.add(added)
        if rounds.random.random() < 0.6:
            sync(rounds, clone, told)
    for _ in range(2):
        for clone in clones:
            assert sync(rounds, clone, told)
    assert len({clone.git("rev-parse", "HEAD") for clone in clones}) == 1
    for clone in clones:
        keys = [key for _, key, _ in clone.entries()]
        twice = {key for key in keys if keys.count(key) > 1}
        gone = known - set(keys)
        # Moved to another file here and edited there: that is asked, and the answer may keep both, or none.
        rounds.counts["doubled as was chosen"] += len(twice & told)
        rounds.counts["doubled"] += len(twice - told)
        rounds.counts["lost as was chosen"] += len(gone & told)
        rounds.counts["lost"] += len(gone - told)
        assert not clone.git("status", "--porcelain")
        assert clone.git("fsck", "--no-dangling") == ""
    assert not rounds.counts["lost"]
    assert not rounds.counts["doubled"]
