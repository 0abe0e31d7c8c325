"""Going on behind what the fast pass has read gives what reading from the beginning gives."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.formats.xml.markup import Elements, scan
from index.formats.xml.recovery import handover
from index.formats.xml.recovery.balance import Balance
from index.formats.xml.recovery.tokens import Tokens
from index.model.problems import GiveUp, Problem, Report
from tests.support.soup import soup, well_formed

EXAMPLES = settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
RECORDS = "".join(
    f'  <item id="{n}">\n    <title>A &amp; B</title><!-- c -->\n'
    "    <tags><tag>x</tag><tag>y</tag></tags>\n  </item>\n"
    for n in range(4)
)


def recover(source: str, start: handover.Start) -> tuple[Elements, list[Problem]] | str:
    report = Report(source)
    try:
        elements = Balance(source, Tokens(source, DECLARATION, report, start), report, start).elements()
    except GiveUp as stop:
        return f"{stop.code} at {stop.offset}"
    return elements, report.problems


def assert_resumes(source: str) -> bool:
    """Both ways give the same; returns whether anything was saved."""
    start = handover.behind(source, scan(source)[0])
    assert recover(source, start) == recover(source, handover.beginning()), source
    return start.offset > 0


_part = st.one_of(
    well_formed, soup, st.sampled_from(["text", "<!-- c -->", "<![CDATA[x]]>", "<![CDATA[]]>", "\n"])
)


@EXAMPLES
@given(
    st.sampled_from(
        ["", DECLARATION, "text ", "<!-- c -->\n", "<r>", "<r>text", "<r>\n  <s>\n", "<r><s>t<u>"]
    ),
    st.lists(well_formed, max_size=5).map("".join),
    st.lists(_part, max_size=4).map("".join),
    st.sampled_from(["", "</u></s></r>", "</s></r>", "</r>", "</r> ", "</s>"]),
)
def test_soup_behind_what_is_well_formed(head: str, good: str, soup: str, end: str) -> None:
    assert_resumes(head + good + soup + end)


@EXAMPLES
@given(soup)
def test_soup_from_the_first_character(source: str) -> None:
    assert_resumes(source)


@EXAMPLES
@given(st.data())
def test_records_with_soup_in_them(data: st.DataObject) -> None:
    whole = f"<items>\n{RECORDS}</items>\n"
    at = data.draw(st.integers(0, len(whole)))
    cut = data.draw(st.integers(0, 30))
    assert_resumes(whole[:at] + data.draw(soup) + whole[at + cut :])


@pytest.mark.parametrize(
    "broken", ["R < D", "<token>", "</title>", "<Map of T>", '<a b="1" b="2"/>', "<![CDATA[x"]
)
def test_only_the_rest_is_read_again(broken: str) -> None:
    assert assert_resumes(f"<items>\n{RECORDS}<item><title>{broken}</title></item>\n{RECORDS}</items>\n")


@pytest.mark.parametrize(
    "source",
    [
        '<r><a/><a/><d><e \u00d7="1"><![CDATA[x</d></r>',  # what is before a half-read tag decides
        "<r><a/><a/><d><![CDATA[x]]><e/><e/><f/><token></d></r>",  # CDATA is text for what follows it
        "<r><xmlns:a>x</xmlns:a><b/><b/><b/> < </r>",  # only the tolerant reader minds this name
        "<r><\u00d7>x</\u00d7><b/><b/><b/> < </r>",
        "<r><a/><b/><c/></r> text",  # nothing wrong before the end
        "<r><a><b><c><d>",
    ],
)
def test_the_borders_of_what_was_read(source: str) -> None:
    assert_resumes(source)


def test_text_in_front_of_what_is_open_is_read_again_for_it_may_decide() -> None:
    assert not assert_resumes(f"<items>text <token>{RECORDS} < </items>")
    assert not assert_resumes(f"text <items>{RECORDS} < </items>")
