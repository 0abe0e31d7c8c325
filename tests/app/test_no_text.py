"""A byte that is no text in its file's encoding: shown and copied as what stands for it, and said."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.segment import Segment
from textual.app import App
from textual.color import Color

from index.model.display import whole
from tests.support.git import git
from tests.support.pilot import open_app, press, ready, said, settle, until
from tests.support.shop import LATER, make_shop
from tui.app import Memarium
from tui.screens.base.frame import front
from tui.theme.sanitize import CONTROLS, Sanitize, copyable
from tui.widgets.base.toast import Toast

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


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the texts that Textual hands to the terminal, which it encodes as UTF-8."""
    texts: list[str] = []

    def take(_: App[None], text: str) -> None:
        text.encode()
        texts.append(text)

    monkeypatch.setattr(App, "copy_to_clipboard", take)
    return texts


@pytest.mark.parametrize(
    "steers", ["\x1b[201~", "\x07", "\x9b31m", "\x7f", "\u202e", "\u2066", "\x00", "\ud83d"]
)
def test_nothing_that_is_copied_steers_where_it_is_pasted(steers: str) -> None:
    assert copyable(f"a{steers}b\n\tc\r\n") == f"a\ufffd{steers[1:]}b\n\tc\r\n"


async def test_what_is_cut_is_pasted_as_it_was(app: Memarium, left: list[str]) -> None:
    async with app.run_test() as pilot:
        await ready(pilot)
        app.copy_to_clipboard("caf\udce9 \u202bשלום")
        assert app.clipboard == "caf\udce9 \u202bשלום"
    assert left == ["caf\ufffd \ufffdשלום"]


async def test_it_is_copied_and_said(tmp_path: Path, left: list[str]) -> None:
    root = tmp_path / "memories"
    root.mkdir()
    (root / "lessons.xml").write_bytes(BROKEN)
    app = open_app(root)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await pilot.press("x")
        await settle(pilot)
        screen = front(app.screen_stack)
        await pilot.press("y")
        await until(pilot, lambda: "Copied the entry" in said(screen.query_one(Toast)))
        assert "caf\ufffd" in "".join(left)
        assert "with \ufffd for what is not text" in said(screen.query_one(Toast))


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (("p", "y"), "the problem"),
        (("F", "y"), "version"),
        (("H", "y"), "version"),
        (("H", "x", "y"), "version"),
        (("P", "y"), "the entry"),
        (("t", "y"), "the session"),
    ],
)
async def test_it_is_copied_from_every_screen(
    tmp_path: Path, left: list[str], keys: tuple[str, ...], told: str
) -> None:
    root = make_shop(tmp_path, files={"lessons.xml": "<lessons/>"})
    (root / "lessons.xml").write_bytes(BROKEN)
    if keys[0] != "P":
        git(root, "commit", "--quiet", "--all", "--message=caf\xe9 \x1b[31m", date=LATER)
    app = open_app(root)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await press(pilot, *keys)
        screen = front(app.screen_stack)
        await until(pilot, lambda: f"Copied {told}" in said(screen.query_one(Toast)))
    assert left
    assert not any(CONTROLS.search(text.replace("\n", "").replace("\t", "")) for text in left)
