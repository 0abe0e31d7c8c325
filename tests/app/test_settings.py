"""What the app remembers of the user's choices."""

from __future__ import annotations

from pathlib import Path

from tests.support.garden import browsed, open_garden


async def test_b_hides_the_sidebar_and_that_is_remembered(garden: Path) -> None:
    app = open_garden(garden)
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        assert browse.sidebar.display
        await pilot.press("b")
        assert not browse.sidebar.display
    again = open_garden(garden)
    async with again.run_test(size=(120, 36)) as pilot:
        assert not (await browsed(pilot)).sidebar.display


async def test_settings_that_are_damaged_are_as_at_first(garden: Path) -> None:
    (garden.parent.parent / "app.json").write_bytes(b'{"theme": 3, "sort": \xff')
    app = open_garden(garden)
    assert (app.settings.theme, app.settings.sort) == ("memarium-dark", "relevance")


async def test_a_value_of_the_wrong_type_is_left_out(garden: Path) -> None:
    (garden.parent.parent / "app.json").write_text('{"theme": 3, "sort": "date", "sidebar": "no"}')
    app = open_garden(garden)
    assert (app.settings.theme, app.settings.sort, app.settings.sidebar) == ("memarium-dark", "date", True)
