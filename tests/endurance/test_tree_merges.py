"""Merges of trees at random: entries are edited, moved, deleted and added on both sides of three files."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from index.formats.registry import open_file
from index.model.merge_outcomes import MergeConflict
from tests.support.merging_trees import MARKDOWN, MIXED, XML, Form, Tree, merged
from tests.support.trial import Trial

ROUNDS = 4
"""Times that a merge may ask: what is chosen may lead to one more question, and no further."""


@dataclass(frozen=True)
class Item:
    """An entry of one side: its file, and what its fields say."""

    file: str
    fix: str
    note: str
    whole: int
    """Which entry it is, whatever it says."""


Side = dict[int, Item]


def tree(form: Form, side: Side) -> Tree:
    """Write a side; a file without entries is there all the same."""
    files: dict[str, list[str]] = {form.a: [], form.b: [], form.c: []}
    for key, item in side.items():
        files[item.file].append(
            form.of(item.file).one(key, fix=item.fix, note=item.note, title=f"Title {key * 7919} of {key}")
        )
    return {name: form.of(name).file(*entries) for name, entries in files.items()}


def changed(rng: random.Random, form: Form, side: Side, who: str) -> Side:
    out = dict(side)
    for number in range(rng.randrange(1, 6)):
        key = rng.choice([*out])
        match rng.choice(["fix", "note", "move", "move", "delete", "add"]):
            case "fix":
                out[key] = replace(out[key], fix=f"{who}fix{number}")
            case "note":
                out[key] = replace(out[key], note=f"{who}note{number}")
            case "move":
                out[key] = replace(out[key], file=rng.choice((form.a, form.b, form.c)))
            case "delete" if len(out) > 4:
                del out[key]
            case _:
                new = {"ours": 300, "theirs": 600}[who] + number
                out[new] = Item(rng.choice((form.a, form.b, form.c)), f"{who}new{number}", "none", new)
    return out


def read(form: Form, files: Tree) -> tuple[Side, list[int]]:
    """Return the entries of a merged tree, and the numbers of those that are there more than once."""
    found: Side = {}
    counts: Counter[int] = Counter()
    for name, text in files.items():
        for entry in open_file(text.encode(), name).entries:
            if not entry.own_id:
                continue
            key = int(entry.own_id.rpartition("-")[2])
            said = [field.text for field in entry.fields]
            fix, note = said[2], said[3]
            found[key] = Item(name, fix, note, key)
            counts[key] += 1
    return found, [key for key, count in counts.items() if count > 1]


def faults(base: Side, ours: Side, theirs: Side, found: Side) -> list[str]:
    """Return the faults of a merge that asked nothing."""
    wrong = []
    for key in {**base, **ours, **theirs}:
        was, here, there, now = base.get(key), ours.get(key), theirs.get(key), found.get(key)
        if here is None or there is None:
            if was is None:
                wrong += [f"{key} was added and is lost or changed"] if now != (here or there) else []
            elif (here or there or was) != was:
                wrong.append(f"{key} was deleted and changed, and nobody was asked")
            elif now is not None:
                wrong.append(f"{key} came back")
        elif was is not None and now is None:
            wrong.append(f"{key} is lost")
        elif was is not None and now is not None:
            for name in ("file", "fix", "note"):
                old, mine, other, is_ = (getattr(item, name) for item in (was, here, there, now))
                wanted = mine if other in (old, mine) else other if mine == old else None
                if is_ != wanted:
                    wrong.append(f"{name} of {key} is {is_} and not {wanted or 'asked'}")
    return wrong


def order(files: Tree, base: Side, added: Side) -> dict[str, list[int]]:
    """Return the entries of each file in order, without those that a side put into it."""
    found: dict[str, list[int]] = {}
    for name, text in files.items():
        ids = [entry.own_id for entry in open_file(text.encode(), name).entries if entry.own_id]
        keys = [int(one.rpartition("-")[2]) for one in ids]
        new = {key for key, item in added.items() if item.file == name != getattr(base.get(key), "file", "")}
        found[name] = [key for key in keys if key not in new]
    return found


def chosen(
    rng: random.Random, form: Form, trees: tuple[Tree, Tree, Tree], first: tuple[MergeConflict, ...]
) -> Tree:
    """Choose a side at random for each conflict until nothing is asked any more."""
    choices: dict[tuple[str, str], str] = {}
    conflicts = first
    for _ in range(ROUNDS):
        choices |= {one[:2]: rng.choice(["ours", "theirs"]) for one in conflicts}
        files, conflicts = merged(*trees, choices)
        if not conflicts:
            return files
    raise AssertionError(f"it asks for ever: {conflicts}")


@pytest.mark.parametrize("form", [XML, MARKDOWN, MIXED], ids=["xml", "markdown", "mixed"])
def test_merges_of_trees(trial: Callable[..., Trial], form: Form) -> None:
    """Nothing is lost, doubled or brought back, whichever side is ours; only what contradicts is asked."""
    name = "XML and Markdown" if form is MIXED else "XML" if form is XML else "Markdown"
    run = trial(f"random merges of three files, {name}", short=60, long=2000)
    for number in range(run.rounds):
        rng = random.Random(run.random.random())
        base = {
            key: Item(rng.choice((form.a, form.b, form.c)), "wait", "none", key) for key in range(101, 110)
        }
        ours, theirs = (changed(rng, form, base, who) for who in ("ours", "theirs"))
        trees = (tree(form, base), tree(form, ours), tree(form, theirs))
        files, conflicts = merged(*trees)
        there, asked = merged(trees[0], trees[2], trees[1])
        run.counts["asked" if conflicts else "merged" if files == there else "merged in either order"] += 1
        told = "\n".join(map(str, (number, base, ours, theirs, conflicts, files)))
        if conflicts:
            files = chosen(rng, form, trees, conflicts)
            found, twice = read(form, files)
        else:
            found, twice = read(form, files)
            assert not faults(base, ours, theirs, found), told
            for added in (ours, theirs):  # what both put at one place follows each other in either order
                assert order(files, base, added) == order(there, base, added), told
        assert not twice, told
        assert bool(asked) == bool(conflicts), told
        both = [key for key in base if key in ours and key in theirs]
        assert not [key for key in both if key not in found], told
