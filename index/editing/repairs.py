"""Mending all files of a tree whose problems need no guess."""

from __future__ import annotations

from collections.abc import Mapping

from index.editing.edits import mend
from index.formats.registry import open_file
from index.model.commits import proposed
from index.model.counts import count_words
from index.model.plan import CannotEdit, Plan, PlannedChange


def plan_repairs(files: Mapping[str, bytes]) -> list[Plan]:
    """Plan the repair of every file in which something only needs escaping, quoting or re-encoding.

    A problem that needs a guess stays, and the plan's warning counts it; a file with no other is left out.

    Args:
        files: path in the tree → bytes.
    """
    plans: list[Plan] = []
    for file, data in files.items():
        document = open_file(data, file)
        if document.readonly or not document.errors:
            continue
        try:
            mended = mend(document, guesses=False)
        except CannotEdit:
            continue
        after = mended.to_bytes()
        if after == data:
            continue
        left = count_words(len(mended.errors), "problem", "problems")
        warning = (
            f"{left} of {file} need review and stay: repair that file by itself." if mended.errors else ""
        )
        plans.append(Plan((PlannedChange(file, data, after),), proposed(f"repair {file}"), warning=warning))
    return plans
