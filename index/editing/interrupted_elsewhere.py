"""Interrupted changes of another tree, such as the project of this one, that hold files of this one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from index.model.commits import without_prefix
from index.model.path_spelling import shown
from index.storage.intents import Intents
from index.storage.memory_stores import TreeLocation
from index.storage.user_folders import homely, intents_folder, intents_of_all

OTHER_HOME, OTHER_FILES = "home", "places"
"""Under these names an intent tells its tree, and where its files really lie: another tree cannot know."""


class InterruptedElsewhere(NamedTuple):
    """A change that was interrupted in another tree."""

    title: str
    home: Path
    """The folder by which that tree is opened."""
    paths: tuple[str, ...]
    """Its files that are in this tree, too."""

    @property
    def words(self) -> str:
        """The place where it was interrupted, and the way to end it, in one sentence."""
        where = shown(homely(self.home))
        return (
            f"“{self.title}” was interrupted in {where}, which holds files of this tree, too: "
            f"memarium status -t {where} tells how far it came, and memarium status --finish or --take-back "
            "ends it."
        )


def told_to_others(home: Path, files: Sequence[Path]) -> dict[str, object]:
    """Return the facts of an intent by which other trees know that it is about their files."""
    return {OTHER_HOME: os.fspath(home), OTHER_FILES: [os.path.realpath(file) for file in files]}


def elsewhere(place: TreeLocation) -> Iterator[InterruptedElsewhere]:
    """Yield the changes that were interrupted in other trees and hold files of this one."""
    for folder in intents_of_all():
        if folder == intents_folder(place.home):
            continue
        for intent in Intents(folder).left("change"):
            home, files = intent.about.get(OTHER_HOME), intent.about.get(OTHER_FILES)
            if not isinstance(home, str) or not isinstance(files, list):
                continue
            reals = [Path(file) for file in files if isinstance(file, str)]
            named = [(path, real) for real in reals if (path := place.path_of(real))]
            paths = tuple(path for path, real in named if place.holds(path, real))
            if paths:
                title = without_prefix(cast("str", intent.about["message"]))
                yield InterruptedElsewhere(title, Path(home), paths)
