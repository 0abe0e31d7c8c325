"""Markup from another place is laid out as what is there, and reads the same."""

from __future__ import annotations

import pytest

from index.formats.xml.document import Document
from index.formats.xml.writing.layout import Layout, layout_for, moved
from index.formats.xml.writing.white_space import element_value

WAS, NOW = Layout("\n", "  ", "  "), Layout("\n", "\t", "\t")


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ("<e>\n    <a>x</a>\n  </e>", "<e>\n\t\t<a>x</a>\n\t</e>"),
        ("<a>\n    one\n      two\n  </a>", "<a>\n\t\tone\n\t\t\ttwo\n\t</a>"),
        ("<a>\n    one\nat the edge\n  </a>", "<a>\n    one\nat the edge\n\t</a>"),
        ("<a>one</a>", "<a>one</a>"),
    ],
)
def test_tags_move_and_a_text_only_as_a_whole(markup: str, wanted: str) -> None:
    assert moved(markup, WAS, NOW) == wanted


def test_a_text_with_a_line_at_the_edge_reads_as_before() -> None:
    markup = "<a>\n    one\nat the edge\n  </a>"
    before, after = (Document.parse(text.encode()) for text in (markup, moved(markup, WAS, NOW)))
    assert element_value(after, 0) == element_value(before, 0) == "one\nat the edge"


def test_white_space_that_is_kept_stays_and_line_ends_do_not() -> None:
    markup = '<a xml:space="preserve">\n  one\n</a>'
    assert moved(markup, WAS, NOW) == markup
    assert moved(markup, WAS, WAS._replace(newline="\r\n")) == markup.replace("\n", "\r\n")
    assert moved("<a>\n  one\n</a>", WAS, WAS) == "<a>\n  one\n</a>"


@pytest.mark.parametrize(
    ("source", "parent", "wanted"),
    [
        ("<r>\n\t<a/>\n</r>", 0, Layout("\n", "\t", "\t")),
        ("<r>\r\n    <a>\r\n    </a>\r\n</r>", 1, Layout("\r\n", "        ", "    ")),
        ("<r>text</r>", 0, Layout("\n", None, "")),
        ("", -1, Layout("\n", "", "  ")),
    ],
)
def test_the_layout_of_a_new_child_is_that_of_its_siblings_or_one_deeper(
    source: str, parent: int, wanted: Layout
) -> None:
    assert layout_for(Document.parse(source.encode()), parent, 0) == wanted
