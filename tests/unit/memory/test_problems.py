"""What the tolerant reader makes of each thing that was seen to go wrong in real files."""

from __future__ import annotations

import pytest
from lxml import etree

from index.formats.conflict_markers import resolutions
from index.formats.xml.document import Document
from index.formats.xml.writing.repair import repair_document
from index.model.errors import CannotRepair


def codes(document: Document) -> list[str]:
    return [problem.code for problem in document.errors]


def texts(document: Document) -> dict[str, str]:
    return {name: document.text(index) for index, name in enumerate(document.names)}


def repaired(source: str) -> str:
    result = repair_document(Document.parse(source.encode()))
    assert not result.errors
    assert repair_document(result) is result
    if result.parents.count(-1) == 1:
        etree.fromstring(result.to_bytes(), etree.XMLParser(resolve_entities=False, collect_ids=False))
    return result.to_bytes().decode()


def test_bare_ampersand_is_text_and_says_where_it_stands() -> None:
    document = Document.parse(b"<a>\n<t>Search & Replace</t></a>")
    (problem,) = document.errors
    assert texts(document)["t"] == "Search & Replace"
    assert (problem.code, problem.line, problem.column) == ("bare-amp", 2, 11)
    assert not problem.guesses
    assert problem.repairable
    assert problem.message == "Bare &; repair writes it as &amp;."
    assert repaired(document.source) == "<a>\n<t>Search &amp; Replace</t></a>"


def test_less_than_before_numbers_and_arrows_is_text() -> None:
    source = "<a><t>size <= 540 KB, n <10, a <-> b, A -> B</t></a>"
    document = Document.parse(source.encode())
    assert texts(document)["t"] == "size <= 540 KB, n <10, a <-> b, A -> B"
    assert codes(document) == ["stray-lt"] * 3
    assert repaired(source) == "<a><t>size &lt;= 540 KB, n &lt;10, a &lt;-> b, A -> B</t></a>"


def test_code_that_looks_like_a_tag_is_text() -> None:
    document = Document.parse(b"<a><c>return <Child onClick={h} />; f = () => {}</c><d>x</d></a>")
    assert texts(document) == {"a": "", "c": "return <Child onClick={h} />; f = () => {}", "d": "x"}
    assert codes(document) == ["stray-lt"]


def test_generics_and_placeholders_are_text() -> None:
    source = "<a><c>Map<string, Thread> and List<String>, Bearer <token><br>x</c><d/></a>"
    document = Document.parse(source.encode())
    assert document.names == ["a", "c", "d"]
    assert texts(document)["c"] == "Map<string, Thread> and List<String>, Bearer <token><br>x"
    assert not any(problem.guesses for problem in document.errors)
    assert repair_document(document, guesses=False).text(1) == document.text(1)
    assert "&lt;token>&lt;br>x</c>" in repaired(source)


def test_a_placeholder_alone_in_an_element_is_text() -> None:
    document = Document.parse(b"<a><path><home></path></a>")
    assert document.names == ["a", "path"]
    assert document.text(1) == "<home>"


def test_a_lone_html_tag_that_closes_is_an_element() -> None:
    document = Document.parse(b"<a>one <b>two</b> three</a>")
    assert not document.errors
    assert document.names == ["a", "b"]
    assert document.text(0) == "one  three"
    assert document.text(1) == "two"


def test_illegal_tag_names_are_text() -> None:
    document = Document.parse("<a>grade <50> of <a:b:c> and <naïve\x85x></a>".encode())
    assert document.names == ["a"]
    assert document.text(0) == "grade <50> of <a:b:c> and <naïve\x85x>"


def test_words_in_angle_brackets_are_a_tag_only_if_the_tags_then_fit() -> None:
    assert Document.parse(b"<a><name of project>x</name></a>").names == ["a", "name"]
    assert Document.parse(b"<a>the <name of project> <name>x</name></a>").names == ["a", "name"]


def test_a_fragment_is_no_error() -> None:
    source = "<!-- debugging-solutions.xml -->\n<s>\n  <id>1</id>\n</s>\n<s>\n  <id>2</id>\n</s>\n"
    document = Document.parse(source.encode())
    assert not document.errors
    assert [problem.code for problem in document.problems] == ["fragment"]
    assert list(document.children()) == [0, 2]
    assert repaired(source) == source


def test_a_truncated_file_keeps_what_it_has() -> None:
    source = "<l>\n  <e>\n    <t>one</t>\n    <d>two"
    document = Document.parse(source.encode())
    assert texts(document)["d"] == "two"
    assert codes(document) == ["missing-end"] * 3
    assert all(problem.guesses for problem in document.errors)
    assert repaired(source) == "<l>\n  <e>\n    <t>one</t>\n    <d>two</d>\n  </e>\n</l>"


def test_a_missing_end_tag_does_not_swallow_the_next_entry() -> None:
    source = "<l>\r\n  <e>\r\n    <t>1</t>\r\n  <e>\r\n    <t>2</t>\r\n  </e>\r\n</l>\r\n"
    document = Document.parse(source.encode())
    assert list(document.children(0)) == [1, 3]
    assert repaired(source) == source.replace("1</t>\r\n", "1</t>\r\n  </e>\r\n")


def test_a_missing_end_tag_after_text_ends_with_its_line() -> None:
    source = "<e>\n  <title>Fix the cache\n  <status>done</status>\n</e>"
    assert repaired(source) == source.replace("cache\n", "cache</title>\n")


def test_text_behind_an_early_end_belongs_to_what_is_around() -> None:
    document = Document.parse(b"<s>\n  <id>1</id>\nlost\n<s>\n  <id>2</id>\n</s>\nmore\n")
    assert document.names == ["s", "id", "s", "id"]
    assert "text-outside" in codes(document)
    assert document.view().tag == "fragment"


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("<a><risk-2>x</risk-3><b/></a>", "<a><risk-2>x</risk-2><b/></a>"),
        ("<a>\n  <b>x</c>\n</a>", "<a>\n  <b>x</b>\n</a>"),
        ("<memory>x</memroy>\n", "<memory>x</memory>\n"),
        ("<a>\n  <b>x</b>\n  </c>\n</a>", "<a>\n  <b>x</b>\n</a>"),
        ("<a>x</a></b>", "<a>x</a>"),
        ("<a>one </b> two</a>", "<a>one &lt;/b> two</a>"),
        ("<a><b>x</b/></a>", "<a><b>x</b></a>"),
        ("<a>]</b>]></a>", "<a>]&lt;/b>]></a>"),
    ],
)
def test_wrong_end_tags(source: str, result: str) -> None:
    assert repaired(source) == result


def test_an_empty_element_without_its_slash() -> None:
    source = '<l>\n  <doc p="1">\n  <doc p="2"/>\n</l>'
    assert list(Document.parse(source.encode()).children(0)) == [1, 2]
    assert repaired(source) == '<l>\n  <doc p="1"/>\n  <doc p="2"/>\n</l>'


def test_broken_attributes_each_get_their_own_repair() -> None:
    source = '<r><e id=5 a="x < y" a="2" done>t</e></r>'
    document = Document.parse(source.encode())
    assert sorted(codes(document)) == [
        "attribute-lt",
        "attribute-quotes",
        "attribute-twice",
        "attribute-value",
    ]
    assert document.attributes(1) == {"id": "5", "a": "x < y", "a_2": "2", "done": "done"}
    assert repaired(source) == '<r><e id="5" a="x &lt; y" a_2="2" done="done">t</e></r>'


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ('<e why="Has "/x" route" k="1"/>', '<e why="Has &quot;/x&quot; route" k="1"/>'),
        ('<e a="1"b="2"/>', '<e a="1" b="2"/>'),
        ('<e a="1" / >', '<e a="1" />'),
        ('<e a="R&D"/>', '<e a="R&amp;D"/>'),
        ("<e a a/>", '<e a="a" a_2="a"/>'),
        ('<e a="1" a_2="2" a="3"/>', '<e a="1" a_2="2" a_3="3"/>'),
        ("<e a='y<z' b='x\ny' c/>", "<e a='y&lt;z' b='x\ny' c=\"c\"/>"),
    ],
)
def test_repairs_of_attributes(source: str, result: str) -> None:
    assert repaired(source) == result


def test_html_entities_are_shown_and_repaired_as_characters() -> None:
    source = "<a>x&nbsp;y &mdash; &foo; &copy=1 &#0; &#0065;</a>"
    document = Document.parse(source.encode())
    assert document.text(0) == "x\xa0y — &foo; &copy=1 &#0; A"
    assert codes(document) == ["html-entity", "html-entity", "bare-amp", "bare-amp", "character-reference"]
    assert repaired(source) == "<a>x&#160;y &#8212; &amp;foo; &amp;copy=1 &amp;#0; &#0065;</a>"


def test_a_conflict_is_shown_whole_and_left_to_the_user() -> None:
    source = b"<l>\n<<<<<<< HEAD\n  <e>1</e>\n=======\n  <e>2</e>\n>>>>>>> x\n</l>\n"
    document = Document.parse(source)
    assert codes(document) == ["conflict"] * 3
    assert not any(problem.repairable for problem in document.errors)
    assert document.names == ["l", "e", "e"]
    assert document.spliced(resolutions(document.source, "ours")).to_bytes() == b"<l>\n  <e>1</e>\n</l>\n"
    assert document.spliced(resolutions(document.source, "theirs")).to_bytes() == b"<l>\n  <e>2</e>\n</l>\n"
    assert (
        document.spliced(resolutions(document.source, "both")).to_bytes()
        == b"<l>\n  <e>1</e>\n  <e>2</e>\n</l>\n"
    )
    with pytest.raises(CannotRepair, match="choose a side"):
        repair_document(document)


def test_a_conflict_with_its_base_and_crlf() -> None:
    source = b"<l>\r\n<<<<<<< a\r\n1\r\n||||||| base\r\n0\r\n=======\r\n2\r\n>>>>>>> b\r\n</l>"
    document = Document.parse(source)
    assert len(document.errors) == 4
    assert document.spliced(resolutions(document.source, "both")).to_bytes() == b"<l>\r\n1\r\n2\r\n</l>"
    assert document.spliced(resolutions(document.source, "theirs")).to_bytes() == b"<l>\r\n2\r\n</l>"


def test_signs_of_no_complete_conflict_are_text() -> None:
    document = Document.parse(b"<l>\n=======\n>>>>>>> not one\n</l>")
    assert not document.errors
    assert "conflict" not in codes(Document.parse(b"<l>\n<<<<<<< HEAD\nx\n</l>"))


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ('\n\n<?xml version="1.0"?>\n<a/>', '<?xml version="1.0"?>\n<a/>'),
        (
            '<!-- c -->\n<?xml version="1.0"?>\n<a/>',
            '<?xml version="1.0"?>\n<!-- c -->\n<a/>',
        ),
        ('<?xml version="1.0"?><a/>\n<?xml version="1.0"?>\n<a/>\n', '<?xml version="1.0"?><a/>\n<a/>\n'),
        ("<?xml encoding='utf-8'?>\n<a/>", '<?xml version="1.0" encoding="UTF-8"?>\n<a/>'),
        ('<a><?xml version="1.0"?></a>', '<a>&lt;?xml version="1.0"?></a>'),
        ("<a><?php echo 1; ?> <? x</a>", "<a><?php echo 1; ?> &lt;? x</a>"),
    ],
)
def test_declarations_and_instructions(source: str, result: str) -> None:
    assert repaired(source) == result


def test_comments_hide_markup_even_with_dashes_inside() -> None:
    document = Document.parse(b"<a><!-- x -- <b>no</b> --><c>1</c></a>")
    assert document.names == ["a", "c"]
    assert codes(document) == ["comment-dashes"]
    assert repaired("<a><!-- x -- y ---></a>") == "<a><!-- x - - y - --></a>"


def test_a_comment_that_never_ends_hides_nothing() -> None:
    document = Document.parse(b"<a>\n  <b>1</b>\n  <!-- lost\n  <c>2</c>\n</a>")
    assert document.names == ["a", "b", "c"]
    assert codes(document) == ["comment-open"]


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("<a><b><![CDATA[x < y</b></a>", "<a><b><![CDATA[x < y]]></b></a>"),
        ("<a><b><![CDATA[x < y", "<a><b><![CDATA[x < y]]></b></a>"),
        ("<a><b/><![CDATA[x</a>", "<a><b/>&lt;![CDATA[x</a>"),
        ("<a>x ]]> y</a>", "<a>x ]]&gt; y</a>"),
        ('<a b="]]>"/>', '<a b="]]>"/>'),
    ],
)
def test_broken_cdata(source: str, result: str) -> None:
    assert repaired(source) == result


def test_what_agents_leave_around_the_xml() -> None:
    fenced = Document.parse(b"```xml\n<a>1</a>\n```\n")
    assert codes(fenced) == ["fence", "fence"]
    assert fenced.names == ["a"]
    assert repaired(fenced.source) == "<a>1</a>\n"
    leaked = Document.parse(b"<a>\n  <b>1</b>\n</a>\n</invoke>\n")
    assert codes(leaked) == ["tool-call"]
    assert repaired(leaked.source) == "<a>\n  <b>1</b>\n</a>\n"


def test_an_entry_behind_the_root_is_read() -> None:
    document = Document.parse(b"<l>\n  <e>1</e>\n</l>\n  <e>2</e>\n</l>\n")
    assert [document.text(element) for element in document.children()] == ["\n  \n", "2"]
    assert codes(document) == ["stray-end"]


@pytest.mark.parametrize("source", ["", "  \n", "hello & <world", "\1", "<", '<?xml version="1.0"?>'])
def test_a_file_without_an_element(source: str) -> None:
    document = Document.parse(source.encode())
    assert document.to_bytes() == source.encode()
    assert not document.names
    assert not list(document.children())
    assert {"empty", "no-root"} & set(codes(document))
    assert document.view().tag == "fragment"


def test_text_without_an_element_is_wrapped() -> None:
    assert repaired("Notes & such\n") == "<memory>\nNotes &amp; such\n</memory>\n"
    assert (
        repaired('<?xml version="1.0"?>\n<a/>\nx') == '<?xml version="1.0"?>\n<memory>\n<a/>\nx\n</memory>\n'
    )
    with pytest.raises(CannotRepair, match="empty"):
        repair_document(Document.parse(b" \n"))


def test_repair_without_guesses_leaves_the_rest_as_it_is() -> None:
    document = Document.parse(b"<a>\n  <b>R&D\n  <c>1</c>\n</a>")
    assert repair_document(document, guesses=False).to_bytes() == b"<a>\n  <b>R&amp;D\n  <c>1</c>\n</a>"
    assert repair_document(document).to_bytes() == b"<a>\n  <b>R&amp;D</b>\n  <c>1</c>\n</a>"
    well_formed = Document.parse(b"<a/>")
    assert repair_document(well_formed, guesses=False) is well_formed


@pytest.mark.parametrize(
    ("source", "result"),
    [
        (
            '<p:a q:x="1"><r:b/></p:a>',
            '<p:a xmlns:p="urn:undeclared:p" xmlns:q="urn:undeclared:q" xmlns:r="urn:undeclared:r" q:x="1">'
            "<r:b/></p:a>",
        ),
        ('<a xmlns:xml="u"/>', '<a xmlns_xml="u"/>'),
        ('<a xmlns="http://www.w3.org/2000/xmlns/"/>', '<a xmlns_="http://www.w3.org/2000/xmlns/"/>'),
        ('<a xmlns:p="not a uri"/>', '<a xmlns_p="not a uri"/>'),
        ("<a xmlns:xml/>", '<a xmlns_xml="xmlns:xml"/>'),
        (
            '<a xmlns:p="u" xmlns:q="u" p:x="1" q:x="2"/>',
            '<a xmlns:p="u" xmlns:q="u" p:x="1" q:x_2="2"/>',
        ),
        ("<xmlns:a>x</xmlns:a>", "<memory>\n&lt;xmlns:a>x\n</memory>\n"),
        ('<a xml:id="1 2" xmlns:p="u" p:b="1"/>', '<a xml:id="1 2" xmlns:p="u" p:b="1"/>'),
    ],
)
def test_namespaces(source: str, result: str) -> None:
    assert repaired(source) == result
