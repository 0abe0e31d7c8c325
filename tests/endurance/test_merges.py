"""Merges of one file at random: nothing is lost, doubled or brought back; delete against edit is asked."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.support.random_lists import Item, broken, merged, with_ids, without_ids
from tests.support.trial import Trial

WORDS = ("pool", "clock", "cache", "token", "index", "queue", "lock", "retry", "batch", "shard", "trace")


def sentence(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS, k=6)) + f" {rng.randrange(10**9)}"


def edit(rng: random.Random, items: list[Item], who: str, *, hollow: bool) -> list[Item]:
    """Return what one side made of the items: edited, deleted, moved, added, with `hollow` emptied."""
    actions = ["edit", "delete", "move", "add", *(["empty"] if hollow else [])]
    out = list(items)
    for number in range(rng.randrange(1, 5)):
        place = rng.randrange(len(out))
        what = rng.choice(actions)
        if what in ("edit", "empty"):
            out[place] = Item(out[place].key, sentence(rng) if what == "edit" else "")
        elif what == "delete" and len(out) > 2:
            del out[place]
        elif what == "move":
            out.insert(rng.randrange(len(out)), out.pop(place))
        elif what == "add":
            out.insert(place, Item(f"{who}{number}", sentence(rng)))
    return out


def lines(items: list[Item]) -> str:
    return "<notes>\n" + "".join(f"{item.text}\n" for item in items) + "</notes>\n"


def nested(items: list[Item]) -> str:
    """Write entries with ids whose text stands in an element that goes with it."""
    details = ((item, f"\n    <detail>\n      <fix>{item.text}</fix>\n    </detail>") for item in items)
    rows = (
        f'  <note id="{item.key}">\n    <level>high</level>{detail if item.text else ""}\n  </note>\n'
        for item, detail in details
    )
    return f"<notes>\n{''.join(rows)}</notes>\n"


SHAPES = (lines, broken, with_ids, without_ids, nested)
SILENT = "a delete met an edit in silence"


def faults(base: list[Item], ours: list[Item], theirs: list[Item], text: str) -> list[str]:
    """Return the faults of a merge that asked nothing."""
    was, mine, other = ({item.key: item.text for item in side} for side in (base, ours, theirs))
    found = []
    for key in {**was, **mine, **other}:
        old, here, there = was.get(key, ""), mine.get(key, ""), other.get(key, "")
        if old and not (here and there) and (here or there or old) != old:
            found.append(SILENT)
        for version in {here, there, old} - {""}:
            count = text.count(version)
            gone = version == old and (here != old or there != old)
            if gone and count:
                found.append("brought back")
            elif count > 1:
                found.append("doubled")
            elif not gone and not count:
                found.append("lost")
    return found


def test_merges_of_one_file(trial: Callable[..., Trial]) -> None:
    """No text is lost, doubled or brought back, and no deletion meets an edit in silence.

    Without ids, in plain lines and in broken files, what was moved and written anew reads the same as what
    was deleted while another was added: that is asked too.
    """
    run = trial("random merges of one file", short=300, long=5000)
    rng = run.random
    for _ in range(run.rounds):
        shape = rng.choice(SHAPES)
        base = [Item(f"n{number}", sentence(rng)) for number in range(rng.randrange(3, 9))]
        ours, theirs = (edit(rng, base, who, hollow=shape is nested) for who in ("ours", "theirs"))
        versions = [shape(side).encode() for side in (base, ours, theirs)]
        cut = rng.random() < 0.1
        if cut:
            versions[1] = versions[1].replace(b"</notes>", b"")
        found = merged(versions)
        run.counts["asked" if found.conflicts else "merged"] += 1
        if not found.conflicts:
            assert found.data is not None
            wrong = faults(base, ours, theirs, found.data.decode())
            told = [data.decode() for data in (*versions, found.data)]
            assert not wrong, (shape.__name__, wrong, *told)
