"""Live search: typing, filters, completion, no hits, mistakes, stale answers."""

from __future__ import annotations

import gc
import re
import weakref
from pathlib import Path

import pytest
from textual.content import Content

from index.search.language.query import parse
from tests.support.garden import POOL, browsed
from tests.support.pilot import NARROW, SMALL, WIDE, open_app, press, ready, said, settle, shown, still, until
from tui.app import Memarium
from tui.data.search_rows import FIRST, SearchAnswered, SearchRequest
from tui.screens.browse.browse import Browse
from tui.widgets.base.footer import Footer
from tui.widgets.base.search_line import Completions, Note


def note(browse: Browse) -> str:
    """Return what stands at the right of the search."""
    return browse.query_one(Note).text.plain


def lit(line: Content) -> list[str]:
    """Return the parts of a line that are lit."""
    return [line.plain[span.start : span.end] for span in line.spans if span.style == "lit"]


def chosen(browse: Browse) -> set[str]:
    """Return the facets that the sidebar shows as chosen."""
    lines = ["".join(part.text for part in browse.sidebar.render_line(y)) for y in range(14)]
    return {re.split(r"\s+\d", line)[0].rstrip() for line in lines if "✓" in line}


@pytest.mark.usefixtures("engine_name")
async def test_every_keystroke_searches_and_matches_are_lit(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("slash", *"pool exh")
        await until(pilot, lambda: browse.answered and browse.results.count < 14)
        assert browse.results.rows[0].entry.title == POOL
        assert note(browse).startswith(f"{browse.results.count} of 14 · by relevance · 6 ms")
        title, _ = browse.results.row(0, 60, True, False)
        assert lit(title) == ["pool", "exh"]
        assert lit(browse.preview.line(2)) == ["pool", "exh"]


async def test_an_old_answer_is_let_go_of_without_a_collection(
    app: Memarium, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has the counts of all files, and a full collection waits for a pause in the typing."""
    answers: dict[str, weakref.ref[SearchAnswered]] = {}

    def note_answer(message: object) -> None:
        if isinstance(message, SearchAnswered):
            answers[message.asked.text] = weakref.ref(message)

    async with app.run_test(size=(120, 36), message_hook=note_answer) as pilot:
        browse = await browsed(pilot)
        monkeypatch.setattr(gc, "collect", int)  # as the app does when nobody types
        gc.disable()
        try:
            await pilot.press("slash")
            for typed in ("p", "po", "poo", "pool"):
                await pilot.press(typed[-1])
                await until(pilot, lambda: browse.answered and browse.search.text in answers)
                await settle(pilot)
            await until(pilot, lambda: [text for text, held in answers.items() if held()] == ["pool"])
        finally:
            gc.enable()


async def test_what_is_no_filter_is_searched_as_words(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("slash", *"on:exhaustion OR pool")
        await until(pilot, lambda: browse.answered and 0 < browse.results.count < 14)
        assert note(browse).startswith(f"{browse.results.count} of 14  ! on: “exhaustion” is not a date")
        await pilot.press("ctrl+u", *"pool")
        await until(pilot, lambda: browse.answered and "!" not in note(browse))


async def test_where_the_title_does_not_say_why_the_second_line_does(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("slash", *"exhausts")
        await until(pilot, lambda: browse.answered and 0 < browse.results.count < 14)
        titles = [hit.entry.title for hit in browse.results.rows]
        _, second = browse.results.row(
            titles.index("Circuit breaker around the read replica"), 41, False, False
        )
        assert lit(second) == ["exhausts"]


async def test_a_facet_toggles_a_filter_and_several_combine(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        browse.toggle_filter("kind", "solution")
        browse.toggle_filter("project", "shop-api")
        await until(pilot, lambda: browse.answered and browse.results.count == 3)
        assert browse.search.text == "kind:solution project:shop-api"
        # The counts follow the rows, and are drawn with what is chosen.
        await until(pilot, lambda: {"  ✓ Solutions", "  ✓ shop-api"} <= chosen(browse))
        browse.toggle_filter("kind", "solution")
        browse.toggle_filter("project", "shop-api")
        await until(pilot, lambda: browse.answered and browse.results.count == 14)
        assert browse.search.text == ""


async def test_the_level_histogram_is_chosen_from(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        lines = [
            "".join(part.text for part in browse.sidebar.render_line(y))
            for y in range(browse.sidebar.size.height)
        ]
        numbers = next(y for y, line in enumerate(lines) if line.split() == list("1234567"))
        await pilot.click(browse.sidebar, offset=(lines[numbers].index("4"), numbers))
        await until(pilot, lambda: browse.answered and browse.results.count == 2)
        assert browse.search.text == "level:4"


async def test_tab_completes_a_filter_from_the_tree(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        menu = browse.query_one(Completions)
        await pilot.press("slash", *"proj", "tab")
        assert browse.search.text == "project:"
        await pilot.press("b")
        await until(pilot, lambda: menu.display)
        await pilot.press("tab")
        assert browse.search.text == "project:billing "
        await until(pilot, lambda: browse.answered and browse.results.count == 5 and not menu.display)
        footer = browse.query_one(Footer)
        await pilot.press(*"ki")
        await until(pilot, lambda: "tab complete" in said(footer))
        await pilot.press(*"zzz")
        await until(pilot, lambda: "tab next pane" in said(footer))


async def test_proposals_stay_below_the_search_when_the_terminal_shrinks(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        menu = browse.query_one(Completions)
        await pilot.press("slash", *"project:b")
        await until(pilot, lambda: menu.display and menu.region.y == browse.search.box.region.bottom + 1)
        top = menu.region.y
        for size in ((120, 20), (60, 20), (120, 36)):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda: menu.region.y == browse.search.box.region.bottom + 1)
        assert menu.region.y == top


@pytest.mark.parametrize("size", [(160, 46), (120, 36)])
async def test_proposals_cut_no_number_of_the_sidebar(app: Memarium, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        browse = await browsed(pilot)
        menu = browse.query_one(Completions)
        await pilot.press("slash", *"kind:")
        await until(pilot, lambda: menu.display)
        await still(pilot)
        lines = shown(app).split("\n")
        beside = [lines[y][menu.region.right :][:1] for y in range(menu.region.y, menu.region.bottom)]
        assert not any(letter.isdigit() for letter in beside), lines


async def test_escape_clears_and_then_leaves(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("slash", *"pool", "escape")
        assert (browse.search.text, app.focused) == ("", browse.search.box)
        await pilot.press("escape")
        assert app.focused is browse.results


async def test_down_goes_to_the_results_and_enter_opens(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("slash", *"pool")
        await until(pilot, lambda: browse.answered and browse.results.count < 14)
        await pilot.press("down")
        assert app.focused is browse.results
        await pilot.press("slash", "enter")
        assert app.focused is browse.preview


async def test_a_misspelt_filter_is_words_says_so_and_is_proposed_right(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("slash", *"pool")
        await until(pilot, lambda: browse.answered and browse.results.count < 14)
        await pilot.press(*" is:malfromed ")
        await until(pilot, lambda: note(browse).startswith("0 of 14  ! is:"))
        shown = [line.plain for line in browse.results.empty]
        assert any("pool is:malformed" in line for line in shown)


@pytest.mark.parametrize(
    ("query", "ways"), [("xyzzy", ["~ in front searches by meaning, too"]), ("is:new", [])]
)
async def test_where_nothing_is_found_it_is_said_how_to_go_on(
    app: Memarium, query: str, ways: list[str]
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        browse.ask_for(query)
        told = ["Nothing found", "", *ways, "esc clear"]
        await until(
            pilot,
            lambda: [" ".join(line.plain.split()) for line in browse.results.empty][: len(told)] == told,
        )


async def test_without_hits_the_likely_spelling_is_one_key_away(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        browse.ask_for("exhaustoin project:shop-api")
        await until(pilot, lambda: browse.answered and browse.results.count == 0)
        shown = [line.plain for line in browse.results.empty]
        assert shown[0] == "Nothing found"
        assert any("exhaustion project:shop-api" in line for line in shown)
        await until(pilot, lambda: browse.preview.entry is None)
        await pilot.press("slash", "enter")
        await until(pilot, lambda: browse.answered and browse.results.count > 0)
        assert browse.search.text == "exhaustion project:shop-api"


async def test_a_filter_that_leaves_nothing_can_be_left_out_with_a_click(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        browse.ask_for("exhaustion project:gateway ")
        await until(pilot, lambda: browse.answered and browse.results.count == 0)

        def drawn() -> list[str]:
            height = browse.results.size.height
            return ["".join(part.text for part in browse.results.render_line(y)) for y in range(height)]

        await until(pilot, lambda: any("project:gateway" in line for line in drawn()))
        lines = drawn()
        row = next(y for y, line in enumerate(lines) if "project:gateway" in line)
        await pilot.click(browse.results, offset=(lines[row].index("project"), row))
        await until(pilot, lambda: browse.answered and browse.results.count > 0)
        assert browse.search.text.strip() == "exhaustion"


async def test_a_stale_answer_is_dropped(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        old = SearchAnswered(SearchRequest(0, "old", "relevance"), parse("old"), [], 0, None, None)
        browse.post_message(old)
        await pilot.pause()
        assert browse.results.count == 14


async def test_typing_colours_the_names_and_values_of_filters(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("slash", *"pool project:shop-api")
        strip = browse.search.box.render_line(0)
        colours = {part.text: part.style.color.name for part in strip if part.style and part.style.color}
        assert colours["shop-api"] == "#74cdbd"
        assert colours["project:"] == "#929daa"
        assert strip.text.startswith("pool project:shop-api ")


async def test_letters_typed_into_the_search_are_no_keys(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("slash", *"ptq?/x")
        assert browse.search.text == "ptq?/x"
        assert app.screen is browse


async def test_the_order_key_works_while_typing(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("slash", *"pool", "f4")
        await until(pilot, lambda: browse.answered and "newest first" in note(browse))
        days = [hit.entry.when for hit in browse.results.rows if hit.entry.when]
        assert days == sorted(days, reverse=True)


async def test_one_letter_finds_everything_and_says_why(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await pilot.press("slash", "p")
        await until(pilot, lambda: note(browse) == "from two letters on")
        assert browse.results.count == 14
        await pilot.press("o")
        await until(pilot, lambda: browse.answered and "by relevance" in note(browse))
        await pilot.press("backspace", "backspace")
        await until(pilot, lambda: note(browse) == "newest first")


@pytest.mark.parametrize(("size", "seen"), [(NARROW, 31), (SMALL, 15)])
async def test_a_long_note_leaves_the_query_all_room_but_that_of_its_shortest_form(
    app: Memarium, size: tuple[int, int], seen: int
) -> None:
    query = "pool kubernetes invoice replica"
    async with app.run_test(size=size) as pilot:
        browse = await browsed(pilot)
        await pilot.press("slash", *query)
        await until(pilot, lambda: "No entry has all 4 words" in note(browse))
        await still(pilot)
        assert f"{query[-seen:]} " in shown(app)
        assert f" {browse.results.count} of 14  ! No entry has all 4 words" in shown(app)


async def test_the_nearest_spelling_is_proposed_before_anything_is_cut(app: Memarium) -> None:
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsed(pilot)
        await pilot.press("slash", *"exhaustoin zebra")
        await until(pilot, lambda: "Did you mean exhaustion zebra? No entry has both words" in note(browse))


async def test_the_search_opens_its_first_find_behind_a_list_that_was_gone_through(tmp_path: Path) -> None:
    entries = "".join(f"<x id='A-{n}'><name>Entry {n}</name><note>t</note></x>" for n in range(FIRST + 60))
    (tmp_path / "memories").mkdir()
    (tmp_path / "memories" / "many.xml").write_text(f"<xs>{entries}</xs>", encoding="utf-8")
    app = open_app(tmp_path / "memories")
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        browse = app.screen
        assert isinstance(browse, Browse)
        await press(pilot, "G")
        assert len(browse.results.rows) == FIRST + 60  # more were asked for
        await press(pilot, "slash", "enter")
        assert browse.focused is browse.preview
