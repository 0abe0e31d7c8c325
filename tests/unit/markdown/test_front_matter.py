"""Front matter, read key by key, held against a YAML reader."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from index.formats.markdown.front_matter import FrontMatter, read_front_matter, written
from index.model.problems import Report, apply


def read(text: str) -> tuple[FrontMatter | None, Report]:
    report = Report(text)
    return read_front_matter(text, report), report


def values(text: str) -> dict[str, str]:
    found, _ = read(text)
    assert found is not None
    return {value.name: value.text for value in found.values}


@pytest.mark.parametrize(
    ("block", "wanted"),
    [
        ("name: a", {"name": "a"}),
        ("name: a # not this", {"name": "a"}),
        ("name: a#b", {"name": "a#b"}),
        ("name: 'it''s'", {"name": "it's"}),
        ('name: "a: b # c"', {"name": "a: b # c"}),
        ("name:", {"name": ""}),
        ("tags: [a, b]", {"tags": "- a\n- b"}),
        ("tags:\n  - a\n  - b: c", {"tags": "- a\n  - b: c"}),
        ("tags:\n- a\n- b", {"tags": "- a\n- b"}),
        ("metadata:\n  type: user\n  name: x", {"metadata/type": "user", "metadata/name": "x"}),
        ("text: |\n  one\n  two", {"text": "one\ntwo"}),
        ("text: one\n  two", {"text": "one two"}),
        ("name: a\nname: b", {"name": "a", "name[2]": "b"}),
        ('"quoted key": x', {"quoted key": "x"}),
        ("# a comment\nname: a\n\n", {"name": "a"}),
        ("yes: no\nday: 2026-01-01\nn: 0123", {"yes": "no", "day": "2026-01-01", "n": "0123"}),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_values_are_text(block: str, wanted: dict[str, str], newline: str) -> None:
    text = f"---\n{block}\n---\nbody\n".replace("\n", newline)
    assert values(text) == wanted


@pytest.mark.parametrize(
    ("block", "wanted"),
    [
        ("description: Workflow: review", {"description": "Workflow: review"}),
        ("title: *star", {"title": "*star"}),
        ("title: @handle", {"title": "@handle"}),
        ("title: %x", {"title": "%x"}),
    ],
)
def test_a_broken_value_is_read_as_it_is_written_and_its_repair_is_yaml(
    block: str, wanted: dict[str, str]
) -> None:
    text = f"---\n{block}\n---\n"
    found, report = read(text)
    assert found is not None
    assert {value.name: value.text for value in found.values} == wanted
    [problem] = report.problems
    assert (problem.code, problem.repairable, problem.guesses) == ("yaml-value", True, False)
    mended = apply(text, problem.splices)
    assert yaml.safe_load(mended.split("---")[1]) == wanted


def test_nothing_is_expanded() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"
    assert values(f"---\n{bomb}\n---\n") == {"a": "&a [x, x]", "b": "&b [*a, *a]", "c": "[*b, *b]"}


@pytest.mark.parametrize("text", ["", "# a\n", "--- x\nname: a\n---\n", "----\n", "x\n---\nname: a\n---\n"])
def test_what_is_none(text: str) -> None:
    assert read(text)[0] is None


def test_one_that_never_ends_is_said() -> None:
    found, report = read("---\nname: a\n" + "text\n" * 1000)
    assert found is None
    assert [problem.code for problem in report.problems] == ["front-matter"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("---\nname: a\ntext\n", "The front matter has no end: close it with a line ---."),
        (
            "---\nname: a\n" + "k: v\n" * 20_000 + "---\n",
            "No line --- closes the front matter in its first 400 lines",
        ),
        ("---\nname: a\n" + "k: v\n" * 401, "No line --- closes the front matter in its first 400 lines"),
        (
            f"---\ntags: [{'a, ' * 17_000}a]\n---\n",
            "No line --- closes the front matter in its first 400 lines and 50,000 letters, so it is read as",
        ),
    ],
)
def test_one_that_is_too_long_is_not_said_to_have_no_end(text: str, words: str) -> None:
    found, report = read(text)
    assert found is None
    assert report.problems[0].message.startswith(words)


def test_one_of_400_lines_is_read() -> None:
    found, report = read("---\n" + "".join(f"k{number}: v\n" for number in range(400)) + "---\n")
    assert found is not None
    assert len(found.values) == 400
    assert not report.problems


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
@example("a\uffffb")
@example("a\u2028b\x85c\x07")
@example("\ufeffa: b")
def test_a_written_value_is_read_as_the_same_text(text: str) -> None:
    loaded = yaml.safe_load(f"key: {written(text)}")
    assert loaded == {"key": text}
    assert values(f"---\nkey: {written(text)}\n---\n") == {"key": text}


@pytest.mark.parametrize(
    "value",
    ["[" * 20_000, "[" * 20_000 + "]" * 20_000, "{a: " * 12_000, "x" + " " * 40_000 + "y"],
    ids=["open brackets", "closed brackets", "mappings", "blanks"],
)
def test_a_value_that_would_take_its_parser_long_is_read_as_it_is_written(value: str) -> None:
    assert values(f"---\nname: {value}\n---\n") == {"name": value.rstrip()}


def test_a_list_in_a_list_is_no_deep_value() -> None:
    assert not read("---\na: [" + "[b], " * 500 + "c]\n---\n")[1].problems
