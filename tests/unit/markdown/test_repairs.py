"""Damaged Markdown, at random: the repair loses nothing, does what is promised, and is done once."""

from __future__ import annotations

import random

import pytest
import yaml

from index.formats.markdown.markdown_file import MarkdownFile
from index.model.errors import CannotRepair
from index.model.problems import MAX_PROBLEMS
from tests.support.markdown import FILES

_BITS = [
    *(
        "---",
        "\n---\n",
        "```",
        "\n```py\n",
        "~~~",
        "\n## Next\n",
        *"[]{}\"':*\t\n\ufeff",
        ": ",
        " #",
        "&a ",
        "!x ",
    ),
    *("\r\n", "key: *.ts\n", "a: [x, y\n", 'b: "open\n', "<!--", "-->"),
]
_BYTES = [b"\xe9", b"\xff\xfe", b"\x80", b"\xed\xa0\xbd"]


def damaged(text: str, chance: random.Random) -> bytes:
    """Return a file with one to three signs too many or too few, and perhaps a byte that is no UTF-8."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randint(0, len(text) if chance.random() < 0.5 else min(len(text), 120))
        text = (
            text[:at]
            + (chance.choice(_BITS) if chance.random() < 0.7 else "")
            + text[at + chance.randint(0, 2) :]
        )
    data = text.encode(chance.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16"]))
    at = chance.randint(0, len(data))
    return data[:at] + chance.choice(_BYTES) + data[at:] if chance.random() < 0.2 else data


def visible(text: str) -> str:
    return "".join(text.split())


def comes_again(text: str, other: str) -> bool:
    rest = iter(visible(other))
    return all(sign in rest for sign in visible(text))


@pytest.mark.parametrize("guesses", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_a_repair_loses_nothing_and_leaves_nothing_that_it_promised(seed: int, *, guesses: bool) -> None:
    chance = random.Random(seed)
    for _ in range(100):
        path = chance.choice(list(FILES))
        data = damaged(FILES[path], chance)
        file = MarkdownFile.parse(data, path)
        assert file.to_bytes() == data
        promised = [
            problem for problem in file.errors if problem.repairable and (guesses or not problem.guesses)
        ]
        try:
            repaired = file.repaired(guesses=guesses)
        except CannotRepair:
            assert any(not problem.repairable for problem in file.errors), repr(data)
            continue
        again = MarkdownFile.parse(repaired.to_bytes(), path)
        left = [problem for problem in again.errors if guesses or not problem.guesses]
        assert not left, repr(data)
        assert again.repaired(guesses=guesses).source == again.source
        assert comes_again("".join(_kept(file)), again.source.replace('\\"', '"')), repr(data)
        if not promised:
            assert again.source == file.source


def _kept(file: MarkdownFile) -> list[str]:
    """Return the characters of a file, but for the bytes that a repair takes for letters."""
    return [sign for sign in file.source if not "\udc80" <= sign <= "\udcff"]


@pytest.mark.parametrize(
    "value",
    ["[x, y", '"open', "'open", "{a: b", "a: b", "*.ts", "[*.ts, *.js]", "`x`", '"a" b', "'it's'", "[a] b"],
)
def test_a_value_that_was_put_in_quotes_is_yaml_and_says_the_same(value: str) -> None:
    file = MarkdownFile.parse(f"---\nname: one\nglobs: {value}\n---\n\nText\n".encode(), "rules/a.md")
    [problem] = file.problems
    assert problem.message == "This value of globs is not valid YAML; repair puts it in quotes."
    repaired = file.repaired(guesses=False)
    assert not MarkdownFile.parse(repaired.to_bytes(), "rules/a.md").problems
    assert yaml.safe_load(repaired.source.split("---\n")[1]) == {"name": "one", "globs": value}
    said = [{field.name: field.text for field in one.entries[0].fields} for one in (file, repaired)]
    assert said[0] == said[1]


@pytest.mark.parametrize(
    "value", ["[x, y]", '"a"', "'it''s'", "{a: b}", "[]", "[*b]", "2026-01-01", "a # note"]
)
def test_a_value_that_is_yaml_is_no_error(value: str) -> None:
    text = f"---\nname: one\nglobs: {value}\n---\n\nText\n"
    assert not MarkdownFile.parse(text.encode(), "rules/a.md").errors


def test_a_key_that_is_given_twice_is_told() -> None:
    file = MarkdownFile.parse(b"---\nname: a\ntype: x\nname: b\n---\n\nText\n", "rules/a.md")
    assert [(problem.level, problem.line, problem.message) for problem in file.problems] == [
        ("note", 4, "The key name is given twice, and most tools read the last one only.")
    ]


def test_bytes_that_are_no_utf_8_are_one_problem() -> None:
    one, many = (
        MarkdownFile.parse(f"# Caf{'é ' * n}\n\nText\n".encode("latin-1"), "a.md") for n in (1, 5_000)
    )
    assert one.problems[0].message == "Byte 0xE9 is not UTF-8; repair takes it for é."
    assert many.problems[0].message == (
        "From here on 5,000 bytes are not UTF-8; repair takes them for letters of Windows-1252."
    )
    assert (many.problems[0].line, many.problems[0].column, many.problems[0].guesses) == (1, 6, True)
    assert many.repaired().to_bytes() == f"# Caf{'é ' * 5_000}\n\nText\n".encode()
    assert many.repaired(guesses=False).to_bytes() == many.to_bytes()


@pytest.mark.parametrize(
    ("text", "where"),
    [("# F\n\n```py\nx\n\n## N\n", "before the next heading"), ("```\nx\n", "at the end of the file")],
)
def test_the_end_of_a_code_block_is_promised_where_it_comes(text: str, where: str) -> None:
    file = MarkdownFile.parse(text.encode(), "a.md")
    assert file.problems[0].message.endswith(f"repair closes it {where}.")
    assert "x\n```\n" in file.repaired().source


def test_a_file_with_a_conflict_is_not_repaired() -> None:
    file = MarkdownFile.parse(b"# C\n\n<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n", "a.md")
    with pytest.raises(CannotRepair, match="choose a side first"):
        file.repaired()


def test_a_file_with_too_many_problems_is_told_so() -> None:
    text = "<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n" * (MAX_PROBLEMS + 1)
    file = MarkdownFile.parse(text.encode(), "a.md")
    assert [problem.code for problem in file.problems] == ["too-broken"]
    assert file.to_bytes() == text.encode()
