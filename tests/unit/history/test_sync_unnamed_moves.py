"""Entries without an id that one side of a sync moved, and edited, while the other one edited them too."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.support.clones import run
from tests.support.work import Work

FROM, TO = "memories/memory-bank/a.md", "memories/memory-bank/b.md"
FILE = "memories/.serena/memories/pool.md"
FIRST, OTHER = "# A\n\n## First\n\nText.\n", "# B\n\n## Other\n\nWords.\n"
POOL = "## Pool\n\nRuns dry at ten.\n\n### Fix\n\nTwenty slots, and a wait of five.\n\n### Status\n\nopen\n"
XML = "memories/a.xml", "memories/b.xml"
_ENTRY = (
    "<solution>\n  <title>Pool</title>\n  <fix>Twenty slots and a wait of five seconds</fix>\n</solution>\n"
)
Texts = Mapping[str, str | None]

EDITED_TOO = POOL.replace("at ten", "at eleven")
RENAMED = POOL.replace("## Pool", "## Pools")
AS_FILE = POOL.replace("##", "#")


def put(work: Work, texts: Texts) -> None:
    for path, text in texts.items():
        if text is None:
            (work.tree.parent / path).unlink()
        else:
            work.write(path, text.encode())
    work.git("add", "-A")
    work.git("commit", "-qm", "many")


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    ("base", "moved", "edited"),
    [
        *(
            (
                {FROM: f"{FIRST}\n{POOL}", TO: OTHER},
                {FROM: FIRST, TO: f"{OTHER}\n{text}"},
                {FROM: f"{FIRST}\n{POOL}".replace("open", "done")},
            )
            for text in (POOL, EDITED_TOO, RENAMED)
        ),
        (
            {FILE: AS_FILE, TO: OTHER},
            {FILE: None, TO: f"{OTHER}\n{POOL}"},
            {FILE: AS_FILE.replace("open", "done")},
        ),
        (
            {FROM: f"{FIRST}\n{POOL}", TO: OTHER},
            {FROM: FIRST, FILE: AS_FILE},
            {FROM: f"{FIRST}\n{POOL}".replace("open", "done")},
        ),
        (
            {XML[0]: f"<solutions>\n{_ENTRY}</solutions>\n", XML[1]: "<solutions>\n</solutions>\n"},
            {
                XML[0]: "<solutions>\n</solutions>\n",
                XML[1]: f"<solutions>\n{_ENTRY}</solutions>\n".replace("five", "six"),
            },
            {XML[0]: f"<solutions>\n{_ENTRY}</solutions>\n".replace("Pool", "Pool done")},
        ),
    ],
    ids=["moved", "and edited", "and renamed", "file to section", "section to file", "xml"],
)
def test_an_edit_follows_an_entry_that_has_no_id(
    pair: tuple[Work, Work], base: Texts, moved: Texts, edited: Texts, swapped: bool
) -> None:
    mine, yours = pair
    put(yours, base)
    yours.git("push", "-q")
    assert run(mine).complete
    put(yours, edited if swapped else moved)
    yours.git("push", "-q")
    put(mine, moved if swapped else edited)
    assert run(mine).complete
    for path, text in moved.items():
        place = mine.tree.parent / path
        wanted = None if text is None else text.replace("open", "done")
        if path == XML[1]:
            wanted = text and text.replace("Pool", "Pool done")
        assert (place.read_text("utf-8") if place.exists() else None) == wanted
