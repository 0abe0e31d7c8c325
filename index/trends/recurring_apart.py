"""Problems that came back, looked for in a process of its own: a large tree takes a million comparisons."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from index.model.entry import Entry
from index.model.trend_counts import Recurring
from index.storage.helper_process import Helper, cores, serve
from index.trends.recurring import alike, recurring, solutions, text_of, told_of

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
