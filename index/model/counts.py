"""Numbers of things as people write them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from index.model.text.letters import composed
from index.model.vocabulary import singular, vocabulary


def count_words(number: int, one: str, many: str = "") -> str:
    """Return how many there are, with the thing in the singular or plural.

    Args:
        many: its plural, where that is not `one` and an s.

    >>> count_words(1, "entry", "entries"), count_words(2000, "file")
    ('1 entry', '2,000 files')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def only_or_count(names: Sequence[str], one: str) -> str:
    """Return the only one of some names, else how many there are.

    >>> only_or_count(["a.xml"], "file"), only_or_count(["a.xml", "b.xml"], "file")
    ('a.xml', '2 files')
    """
    return names[0] if len(names) == 1 else count_words(len(names), one)


def listed(names: Sequence[str], most: int = 3) -> str:
    """Return names as one would say them, at most some of them.

    >>> listed(["a", "b", "c"]), listed(["a", "b", "c", "d", "e"])
    ('a, b and c', 'a, b, c and 2 more')
    """
    rest = [f"{len(names) - most:,} more"] if len(names) > most else []
    *first, last = [*names[:most], *rest]
    return f"{', '.join(first)} and {last}" if first else last


def plural(name: str) -> str:
    """Return the plural of a kind's name, in plain English.

    >>> plural("test-strategy"), plural("lesson"), plural("approach"), plural("preferences")
    ('test-strategies', 'lessons', 'approaches', 'preferences')
    """
    if name.endswith("s") and singular(name) != name:
        return name
    if name.endswith("y") and name[-2:-1] not in tuple("aeiou"):
        return name[:-1] + "ies"
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")


def count_kinds(kinds: Sequence[str]) -> str:
    """Return how many entries there are, by their kind where all are of one.

    >>> count_kinds(["lesson", "lesson"]), count_kinds(["lesson", "decision"])
    ('2 lessons', '2 entries')
    """
    if len({*kinds}) > 1:
        return count_words(len(kinds), "entry", "entries")
    return count_words(len(kinds), kind_words(kinds[0]), plural(kind_words(kinds[0])))


def kind_words(kind: str) -> str:
    """Return a kind as people say it of one memory.

    >>> kind_words("debugging-solution"), kind_words("user")
    ('debugging solution', 'user memory')
    """
    words = kind.replace("-", " ")
    return f"{words} memory" if kind in vocabulary().topics else words


def count_values(values: Iterable[str]) -> Counter[str]:
    """Count values; one that is written in two forms of Unicode is one."""
    return Counter(map(composed, values))


def most_first(count: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return values with how many there are of each, the most frequent first, then by name.

    >>> most_first({"redis": 1, "pool": 3, "API": 1})
    [('pool', 3), ('API', 1), ('redis', 1)]
    """
    return sorted(count.items(), key=lambda item: (-item[1], item[0].lower()))
