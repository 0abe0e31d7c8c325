"""Repairs that need no guess: those that leave all elements and texts as they were read.

Where a tag is missing, the tolerant reader goes by the text around it, other broken markup too. Escaping
that markup may then show the rest in another light, so that the escape decides something after all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from index.formats.xml.content import own_text
from index.formats.xml.markup import Elements
from index.formats.xml.values import text_value
from index.model.problems import GiveUp, Report, apply
from index.model.text.margins import line_ends


def names_and_texts(source: str, elements: Elements) -> list[tuple[str, str]]:
    """Return every element's name and text, white space aside."""
    return [
        (name, "".join(_own_text(source, elements, element).split()))
        for element, name in enumerate(elements.names)
    ]


def _own_text(source: str, elements: Elements, element: int) -> str:
    return "".join(
        line_ends(source[start:end]) if verbatim else text_value(source[start:end], elements.declared)
        for start, end, verbatim in own_text(elements, element)
    )


def hold_sure(source: str, elements: Elements, report: Report, read: Callable[[str], Elements]) -> None:
    """Turn a sure repair into a guess where it changes how the rest is read.

    Args:
        report: the problems that it found, of which nothing is a guess if nothing was missing.
        read: reads another text as this one was read.
    """
    sure = [splice for problem in report.problems if not problem.guesses for splice in problem.splices]
    if not sure or not any(problem.guesses for problem in report.problems):
        return
    mended = apply(source, sure)
    try:
        if names_and_texts(mended, read(mended)) == names_and_texts(source, elements):
            return
    except GiveUp:
        pass  # it was just within the bounds
    report.problems = [
        replace(problem, guesses=True) if problem.splices else problem for problem in report.problems
    ]
