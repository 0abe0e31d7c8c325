"""Numbers of things as people write them."""

from __future__ import annotations

from collections.abc import Sequence


def count_words(number: int, one: str, many: str = "") -> str:
    """Return how many there are, with the thing in the singular or plural.

    Args:
        number: of the things.
        one: the thing in the singular.
        many: its plural, where that is not `one` and an s.

    >>> count_words(1, "entry", "entries"), count_words(2000, "file")
    ('1 entry', '2,000 files')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def plural(name: str) -> str:
    """Return the plural of a kind's name, in plain English.

    >>> plural("test-strategy"), plural("lesson"), plural("approach")
    ('test-strategies', 'lessons', 'approaches')
    """
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
    return count_words(len(kinds), kind_words(kinds[0]), kind_words(plural(kinds[0])))


def kind_words(kind: str) -> str:
    """Return a kind as people say it: `debugging solution`."""
    return kind.replace("-", " ")
