"""Files that are not to be changed: refused before anything is planned in them, and before it is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.formats.registry import format_of
from index.model.path_spelling import shown
from index.model.plan import CannotEdit, Protected
from index.model.store_places import BESIDE, is_beside
from index.storage.memory_stores import generated_by
from index.storage.serena_settings import held_by_serena

if TYPE_CHECKING:
    from index.model.plan import Plan, PlannedChange
    from index.storage.memory_stores import TreeLocation


def check_changeable(file: str, data: bytes | None, real: Path) -> None:
    """Check that neither a file of the tree says that nobody is to change it, nor a program that keeps it.

    Raises:
        Protected: one does; with the way out.
    """
    if why := protection_of(file, data, real):
        raise Protected(file, why)


def protection_of(file: str, data: bytes | None, real: Path) -> str:
    """Return the reason why a file is not to be changed, a clause; empty where it may be."""
    return (format_of(file).protection(data) if data else "") or held_by_serena(real)


def check_changes(place: TreeLocation, changes: Iterable[PlannedChange]) -> None:
    """Check that none of the files that would change, of the tree at a place, is protected; as above."""
    for change in changes:
        if change.before != change.after:
            real = place.disk(change.file)
            check_changeable(change.file, change.before, real)
            if program := generated_by(real):
                raise Protected(change.file, f"{program} writes it anew by itself, so a change would be lost")


def told_of_tools(plan: Plan) -> Plan:
    """Return a plan with a warning where it changes a file that a tool writes, and perhaps writes anew."""
    warnings = [plan.warning] if plan.warning else []
    for change in plan.changes:
        if change.before and change.after and change.before != change.after:
            left = [block.text for block in format_of(change.file).tool_blocks(change.after)]
            for block in format_of(change.file).tool_blocks(change.before):
                if block.text not in left:
                    warnings.append(
                        f"This changes what a tool writes in {shown(change.file)} "
                        f"(“{shown(block.name)[:60]}”): it may write over it."
                    )
    return replace(plan, warning=" ".join(warnings))


def check_one_place(changes: Iterable[PlannedChange]) -> None:
    """Check that the files of a change have their versions in one repository.

    Raises CannotEdit: some lie in the store that is beside the tree, and some do not.
    """
    if len({is_beside(change.file) for change in changes if change.before != change.after}) > 1:
        raise CannotEdit(
            f"This would change files in {BESIDE} and files of the project, which have their versions in "
            "two places: change one after the other. store:yours finds the first, -store:yours the others."
        )


def keeps_protection(file: str, before: bytes | None, after: bytes | None) -> bool:
    """Whether a file is protected and stays so: to take the protection back alone is no breach."""
    return all(data and format_of(file).protection(data) for data in (before, after))
