"""Problems that came back: solutions that say nearly the same.

Two solutions are alike when at least half of the words in either are in both: words of their
title, problem and solution, by their stems, those of fewer than four letters left out (the Jaccard
similarity of their sets of words). What is alike to one of a group belongs to the group.

Comparing all with all would be ten thousand million comparisons for a hundred thousand entries. So each
set is first folded into 36 minima of as many hashes (MinHash), in 12 bands of 3; only what agrees in a
whole band is compared, with the real sets, and in a crowded band only with its five neighbours. Of two that
share 60 % of their words 95 % are met so, of two that share 80 % all but one in ten thousand.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from zlib import crc32

from index.model.entry import Entry
from index.model.trend_counts import Recurring
from index.model.vocabulary import role
from index.search.language.spelling import Words, similarity, words_in
from index.storage.helper_process import Helper, cores, serve

ALIKE = 0.5
"""Share of words from which on two texts are alike."""
_SHARE = 1 + 1 / ALIKE
"""Words of both, times this, are at least those of one and of the other where the two are alike."""
_BANDS, _ROWS = 12, 3
_NEIGHBOURS = 5
_BITS = 1024
_FEWEST = 4
"""Words that a text must have to be compared: two headlines of three words are soon alike."""
_PRIME = (1 << 61) - 1


def recurring(entries: Iterable[Entry]) -> list[Recurring]:
    """Return the problems that came back among the solutions, the most frequent first.

    Args:
        entries: newest first, as `Snapshot.entries`; only solutions are compared.
    """
    held = solutions(entries)
    return told_of(held, alike(map(text_of, held)))


def solutions(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that are compared."""
    return [entry for entry in entries if entry.group == "solution" and not entry.template]


def text_of(entry: Entry) -> str:
    """Return the text of a solution that is compared."""
    texts = [entry.title, *(f.text for f in entry.fields if role(f.name) in ("problem", "solution"))]
    return "\n".join(texts)


def alike(texts: Iterable[str]) -> list[tuple[list[int], float]]:
    """Return the places of texts that say nearly the same, group by group.

    With each is the share of words that its first text has in common with the one most unlike it.
    """
    places, sets = [], []
    for place, text in enumerate(texts):
        if len(words := words_in([text])) >= _FEWEST:
            places.append(place)
            sets.append(words)
    return [
        ([places[one] for one in group], min(similarity(sets[group[0]], sets[other]) for other in group[1:]))
        for group in groups(sets)
    ]


def told_of(held: Sequence[Entry], groups_of: Iterable[tuple[Sequence[int], float]]) -> list[Recurring]:
    """Return the groups that `alike` found among the texts of these entries, the largest first."""
    found = [Recurring(tuple(held[place] for place in group), worst) for group, worst in groups_of]
    return sorted(found, key=lambda one: -len(one.entries))


def groups(sets: Sequence[Words]) -> list[list[int]]:
    """Return the places of sets that are alike, group by group, in order."""
    signatures = _signatures(sets)
    above = list(range(len(sets)))

    def top(place: int) -> int:
        while above[place] != place:
            above[place] = place = above[above[place]]
        return place

    sketches = _sketches(sets)
    for band in range(_BANDS):
        blocks: dict[tuple[int, ...], list[int]] = {}
        for place, signature in enumerate(signatures):
            blocks.setdefault(signature[band * _ROWS : (band + 1) * _ROWS], []).append(place)
        for block in blocks.values():
            block.sort(key=signatures.__getitem__)
            for at, place in enumerate(block):
                words, (sketch, hidden) = sets[place], sketches[place]
                for other in block[at + 1 : at + 1 + _NEIGHBOURS]:
                    # `similarity(…) >= ALIKE`, at first with no less than they share: asked a million times.
                    size = len(words) + len(sets[other])
                    most = (sketch & sketches[other][0]).bit_count() + hidden
                    if _SHARE * most >= size and _SHARE * len(words & sets[other]) >= size:
                        one, two = top(place), top(other)
                        above[max(one, two)] = min(one, two)
    found: dict[int, list[int]] = {}
    for place in range(len(sets)):
        found.setdefault(top(place), []).append(place)
    return [group for group in found.values() if len(group) > 1]


def _sketches(sets: Sequence[Words]) -> list[tuple[int, int]]:
    """Return for each set a number with one bit a word, and how many of its words share theirs."""
    bits: dict[str, int] = {}
    found = []
    for words in sets:
        sketch = 0
        for word in words:
            sketch |= bits.setdefault(word, 1 << len(bits) % _BITS)
        found.append((sketch, len(words) - sketch.bit_count()))
    return found


def _signatures(sets: Sequence[Words]) -> list[tuple[int, ...]]:
    """Return the minima of each set: those of two sets agree as often as the sets are similar."""
    chance = Random(7)
    factors = [(chance.randrange(1, _PRIME), chance.randrange(_PRIME)) for _ in range(_BANDS * _ROWS)]
    hashes: dict[str, tuple[int, ...]] = {}
    for words in sets:
        for word in words:
            if word not in hashes:
                mark = crc32(word.encode("utf-8", "surrogatepass"))
                hashes[word] = tuple([(a * mark + b) % _PRIME for a, b in factors])
    return [tuple(map(min, zip(*[hashes[word] for word in words], strict=True))) for words in sets]


WORTH_IT = 4_000
"""Solutions from which on a process costs less than it saves."""


def begin_recurring(entries: Iterable[Entry]) -> Callable[[], list[Recurring]]:
    """Begin to look for problems that came back; the function that is returned waits for them.

    Meanwhile this process is free. Where no other is to be had, or it would not pay, they are looked for when
    they are waited for.
    """
    held = solutions(entries)
    if len(held) < WORTH_IT or cores() < 2:
        return lambda: recurring(held)
    try:
        helper = Helper(__name__)
    except OSError:
        return lambda: recurring(held)
    threads = ThreadPoolExecutor(1)
    asked = threads.submit(helper.ask, [text_of(entry) for entry in held])

    def wait() -> list[Recurring]:
        try:
            return told_of(held, asked.result())
        except (EOFError, OSError):
            return recurring(held)
        finally:
            helper.close()
            threads.shutdown()

    return wait


def _answer(texts: list[str], answer: Callable[[list[tuple[list[int], float]]], None]) -> None:
    answer(alike(texts))


if __name__ == "__main__":
    gc.disable()  # what a helper makes goes away whole
    serve(_answer)
