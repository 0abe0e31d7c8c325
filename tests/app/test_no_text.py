"""A byte that is no text in its file's encoding: shown and copied as what stands for it, and said."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from rich.segment import Segment
from textual.color import Color

from tests.app.shop import open_app, ready, said, settle, until
from tui.app import Memarium
from tui.sanitize import Sanitize, whole
from tui.widgets.toast import Toast

BROKEN = b"<lessons><lesson><title>caf\xe9</title><text>It is \xff open</text></lesson></lessons>\n"


@pytest.mark.parametrize(
    ("text", "right"),
    [("caf\udce9", "caf\ufffd"), ("\ud800\udfff", "\ufffd\ufffd"), ("é😀", "é😀"), ("", "")],
)
def test_any_encoder_takes_it(text: str, right: str) -> None:
    assert whole(text) == right
    assert whole(text).encode().decode() == right
    painted = Sanitize().apply([Segment(text)], Color(0, 0, 0))
    assert "".join(segment.text for segment in painted) == right


async def test_it_is_copied_and_said(tmp_path: Path) -> None:
    root = tmp_path / "memories"
    root.mkdir()
    (root / "lessons.xml").write_bytes(BROKEN)
    app = open_app(root)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await pilot.press("x")
        await settle(pilot)
        await pilot.press("y")
        await until(pilot, lambda: "Copied the entry" in said(app.screen.query_one(Toast)))
        assert "caf\ufffd" in app.clipboard
        assert "with \ufffd for bytes that are no text" in said(app.screen.query_one(Toast))


async def test_the_terminal_is_handed_text(app: Memarium) -> None:
    async with app.run_test() as pilot:
        await ready(pilot)
        app.copy_to_clipboard("caf\udce9")
        assert base64.b64encode(app.clipboard.encode())
        assert app.clipboard == "caf\ufffd"
