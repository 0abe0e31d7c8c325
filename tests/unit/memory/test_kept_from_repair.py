"""A file that one of its problems keeps from being repaired: the others of it promise no repair."""

from __future__ import annotations

import pytest

from index.formats.markdown.markdown_file import MarkdownFile
from index.formats.xml.document import Document
from index.formats.xml.elements import content_of, read_content
from index.formats.xml.writing.repair import repair_document
from index.model.errors import CannotRepair
from index.model.problems import first_step

HALF = '<lessons><lesson id="L-1"><title>One & two</title><text>Size < 5 and '
CONFLICT = "<<<<<<< ours\n<a>\n=======\n<b>\n>>>>>>> theirs\n"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (HALF.encode() + b"\0" * 300, "zeros"),
        (HALF.encode("utf-16") + b"\0" * 300, "zeros"),
        (HALF.encode()[:30] + b"\0" * 30 + HALF.encode()[60:], "zeros"),
        (b"\0" * 30 + HALF.encode(), "zeros"),
        (f"{CONFLICT}{HALF}".encode(), "conflict"),
        (HALF.encode("utf-16-le"), "unmarked"),
        (f"<!DOCTYPE r [ junk ]>{HALF}".encode(), "doctype-broken"),
        (f"<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE r [ junk ]>{HALF}".encode(), "doctype-broken"),
    ],
)
def test_no_problem_of_it_promises_a_repair(data: bytes, code: str) -> None:
    document = Document.parse(data, "h.xml")
    assert code in {problem.code for problem in document.errors}
    assert len(document.errors) > 1
    for problems in (document.problems, read_content(data, "h.xml").problems):
        told = [problem for problem in problems if problem.guesses or problem.repairable]
        assert not told
        assert not [problem.message for problem in problems if "repair" in problem.message]
    for guesses in (False, True):
        with pytest.raises(CannotRepair):
            repair_document(document, guesses=guesses)


def test_the_file_is_read_as_before_and_the_fault_is_still_told() -> None:
    document = Document.parse(HALF.encode() + b"\0" * 3, "h.xml")
    (lesson,) = content_of(document).roots[0]
    assert [field.text for field in lesson] == ["One & two", "Size < 5 and ␀␀␀"]
    assert [problem.message for problem in document.problems[:3]] == [
        "<lessons> has no end tag.",
        "<lesson> has no end tag.",
        "Bare &.",
    ]


def test_without_such_a_problem_the_promises_stay() -> None:
    document = Document.parse(HALF.encode(), "h.xml")
    assert all(problem.repairable and "repair" in problem.message for problem in document.errors)


def test_a_markdown_file_with_a_conflict_promises_nothing_either() -> None:
    data = b"# One\n\n<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n\nCaf\xe9\n\n```py\nx\n"
    file = MarkdownFile.parse(data, "a.md")
    assert [(problem.code, problem.guesses, problem.repairable) for problem in file.errors] == [
        ("conflict", False, False),
        ("wrong-byte", False, False),
        ("open-fence", False, False),
    ]
    assert [problem.message for problem in file.errors[1:]] == [
        "Byte 0xE9 is not UTF-8.",
        "This code block has no end, so all that follows is read as code.",
    ]


@pytest.mark.parametrize(
    ("data", "step"),
    [
        (HALF.encode(), "repair the file first"),
        (HALF.encode() + b"\0" * 9, "put an earlier version of the file back first"),
        (f"{CONFLICT}{HALF}".encode(), "choose a side of its merge conflict first"),
        ("<a>接続プール</a>".encode("cp932"), "save the file as UTF-8 first"),
        (b"<!DOCTYPE r [ junk ]><r/>", "fix its DOCTYPE by hand first"),
    ],
)
def test_a_refusal_names_the_step_that_helps(data: bytes, step: str) -> None:
    assert first_step(Document.parse(data).errors) == step
