"""Tags with a number sign in front, as some write them in Markdown: renamed and taken away by their name."""

from __future__ import annotations

import pytest

from index.editing.bulk import plan_rename_tag

FILE = ".serena/memories/queue.md"
TEXT = "# Queue\n\n**Tags**: {}\n\n## Text\n\nAbout #P0, #P1 and #all.\n"


@pytest.mark.parametrize(
    ("tags", "old", "new", "become"),
    [
        ("#P0, #all (in use)", "all (in use)", "some", "#P0, #some"),
        ("#P0, #all (in use)", "P0", "", "#all (in use)"),
        ("#P0; queue", "P0", "queue", "queue"),
        ("queue, #P0", "queue", "P0", "#P0"),
        ("queue, #P0", "queue", "pool", "pool, #P0"),
    ],
)
def test_a_tag_keeps_its_sign(tags: str, old: str, new: str, become: str) -> None:
    [change] = plan_rename_tag({FILE: TEXT.format(tags).encode()}, old, new).changes
    assert (change.after or b"").decode() == TEXT.format(become)
