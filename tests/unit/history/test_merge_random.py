"""Merges at random: changes of different entries never conflict, in files of every shape."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.formats.xml.document import Document
from tests.support.merging import FILE, added, changed, clean, entries, entry, merge_file
from tests.support.soup import as_bytes, soup, well_formed

SAMPLE = Path(__file__).parents[3] / "sample_memories"


def variant(rng: random.Random, base: str, mine: list[str], who: str) -> str:
    """Change, delete and add entries; only those in `mine`."""
    text = base
    for key in mine:
        block = entry(key, text)
        what = rng.random()
        if what < 0.2:
            text = text.replace(block, "")
        elif what < 0.6:
            text = text.replace(block, re.sub("<fix>.*?</fix>", f"<fix>{who} {rng.random()}</fix>", block))
        else:
            text = text.replace(block, block.replace("<tags>", f"<tags><tag>{who}{rng.randrange(9)}</tag>"))
    for _ in range(rng.randrange(3)):
        new = (
            f'    <solution id="D-{rng.randrange(100, 104)}">\n'
            f"      <problem>{who} {rng.random()}</problem>\n"
            f"      <fix>{rng.random()}</fix>\n    </solution>\n"
        )
        text = added(new, text)
    day = f"2025-11-{rng.randrange(10, 29)}"
    text = re.sub("(?<=<last-updated>).*?(?=<)", day, text)
    return re.sub("(?<=<total-solutions>).*?(?=<)", str(text.count("<solution ")), text)


@pytest.mark.parametrize("seed", range(60))
def test_changes_of_different_entries_never_conflict(seed: int) -> None:
    rng = random.Random(seed)
    names = [f"D-{number:02}" for number in range(10, 30)]
    blocks = "".join(entry("D-1").replace("D-1", name).replace("Tune", f"Tune {name}") for name in names)
    base = changed((entry("D-1") + entry("D-2"), blocks), ("ns>2<", "ns>20<"))
    rng.shuffle(names)
    mine, theirs = names[: rng.randrange(1, 10)], names[10 : rng.randrange(11, 20)]
    ours, others = variant(rng, base, mine, "ours"), variant(rng, base, theirs, "theirs")
    text = clean(ours, others, base)
    assert Document.parse(text.encode()).errors == ()
    for name in names:
        side = ours if name in mine else others
        assert [entry(name, side)] == [entry(name, text)] if f'"{name}"' in side else f'"{name}"' not in text
    assert text.count("<solution ") == int(re.findall("<total-solutions>(.*?)<", text)[0])
    for problem in re.findall("<problem>(?:ours|theirs) .*?<", ours + others):
        assert problem in text
    back = clean(others, ours, base)
    assert {(e.id, e.fields) for e in entries(back.encode()) if e.id.count("#D-") and "~" not in e.id} == {
        (e.id, e.fields) for e in entries(text.encode()) if e.id.count("#D-") and "~" not in e.id
    }


@pytest.mark.parametrize("file", sorted(SAMPLE.rglob("*.xml")), ids=lambda file: file.name)
def test_the_sample_files_merge(file: Path) -> None:
    """In files of all shapes: a changed text on each side, and both are there."""
    data = file.read_bytes()
    found = re.findall(rb">([A-Z][^<>&\n]{20,})<", data)
    texts = [text for text in dict.fromkeys(found) if data.count(text) == 1]
    if len(texts) < 2:
        assert merge_file(data, data, data + b"\n", FILE).data == data + b"\n"
        return
    mine, theirs = (
        data.replace(texts[0], texts[0] + b" OURS"),
        data.replace(texts[-1], texts[-1] + b" THEIRS"),
    )
    merged = merge_file(data, mine, theirs, file.relative_to(SAMPLE).as_posix())
    assert merged.data == mine.replace(texts[-1], texts[-1] + b" THEIRS")


@given(*[st.one_of(soup, well_formed)] * 3)
@settings(max_examples=80, derandomize=True)
def test_any_bytes_are_merged_or_asked_about(base: str, ours: str, theirs: str) -> None:
    """Whatever an agent has written: no exception, and the choice of a side for everything ends it."""
    versions = as_bytes(base), as_bytes(ours), as_bytes(theirs)
    choices: dict[tuple[str, str], str] = {}
    for _ in range(3):  # what was chosen by field may be impossible to write: then the file is asked for
        conflicts = merge_file(*versions, FILE, choices).conflicts
        if not conflicts:
            break
        choices.update({(conflict.entry, conflict.field): "theirs" for conflict in conflicts})
    else:
        pytest.fail("it asks for ever")
