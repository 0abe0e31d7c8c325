"""The words of a Markdown text without its marks, and what a search lights in them."""

from __future__ import annotations

import pytest

from index.formats.markdown.plain_text import plain_text
from index.formats.registry import read_file
from index.search.language.highlight import Highlighter, snippet
from index.search.language.query import parse


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("**Fix** the *pool*, __now__ and _soon_", "Fix the pool, now and soon"),
        ("***all*** or ~~none~~", "all or none"),
        ("`make test` and ``a ` b`` and `**kept**`", "make test and a ` b and **kept**"),
        ("[docs](https://a.b/c(d) \"x\") ![a](b.png) [`code`](<a b.md>)", "docs a code"),
        ("[[retry-budget]], [[name|Other words]]", "retry-budget, Other words"),
        ("src/**/*.ts, *.py and *.md, **/*.md", "src/**/*.ts, *.py and *.md, **/*.md"),
        ("snake_case_name, __init__.py in `__init__`", "snake_case_name, __init__.py in __init__"),
        ("5 * 3 * 2, 2**3**4, a_b_c", "5 * 3 * 2, 2**3**4, a_b_c"),
        (r"\*not\* \[a\](b)", "*not* [a](b)"),
        ("**[Tone](t.md)**: *see `x`*", "Tone: see x"),
        ("[a] (b), [a][b], [ ]", "[a] (b), [a][b], [ ]"),
        ("## Why\n\n> quoted\n> > twice\n\n---\n\nend", "Why\n\nquoted\ntwice\n\n\nend"),
        ("- [x] done\n- [ ] open\n  * **deep**", "- done\n- open\n  * deep"),
        ("| a | `b` |\n|---|:-:|\n| 1 | 2 |", "a · b\n1 · 2"),
        ("```python\nx = [1](2)\n```\nend", "x = 1\nend"),
        ("a | b, #5, # 5, C#", "a | b, #5, # 5, C#"),
        ("<b>bold</b> <!-- note -->", "<b>bold</b> <!-- note -->"),
        ("**unclosed, `too, [x](y", "**unclosed, `too, [x](y"),
        ("", ""),
    ],
)  # fmt: skip
def test_marks_go_and_words_stay(text: str, words: str) -> None:
    assert plain_text(text) == words


@pytest.mark.parametrize("part", ["*", "`", "[", "_a", " *a", "| ", "![](", "[[a", "**a** "])
def test_no_text_takes_long(part: str) -> None:
    text = (part * 20_000)[:20_000]
    assert len(plain_text(text)) <= len(text) + 1


@pytest.mark.parametrize(
    ("query", "shown", "lit"),
    [
        ("", "Use the pool as docs say, see make test.", []),
        ("pool", "Use the pool as docs say, see make test.", ["pool"]),
        ("docs make", "Use the pool as docs say, see make test.", ["docs", "make"]),
        ('"make test"', "Use the pool as docs say, see make test.", ["make test"]),
        ("a.org", "Use the **pool** as [docs](https://a.org/x) say, see `make test`.", ["a.org"]),
    ],
)
def test_a_snippet_shows_the_words_and_lights_them(query: str, shown: str, lit: list[str]) -> None:
    text = "# Notes\n\nUse the **pool** as [docs](https://a.org/x) say, see `make test`.\n"
    [entry] = read_file(text.encode(), ".serena/memories/notes.md").entries
    line, spans = snippet(entry, Highlighter(parse(query)), 100)
    assert (line, [line[start:end] for start, end in spans]) == (shown, lit)


@pytest.mark.parametrize("file", ["notes.xml", ".serena/memories/notes.md"])
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", "Run it: make test · npm ci then ls"),
        ("npm", "Run it: make test · npm ci then ls"),
        ("bash", "Run it: ```bash make test ``` · ~~~ npm ci ~~~ then ls"),
    ],
)
def test_a_snippet_shows_code_without_its_fences(file: str, query: str, shown: str) -> None:
    text = "Run it:\n\n```bash\nmake test\n```\n\n- ~~~\n  npm ci\n  ~~~\n  then ls\n"
    xml = f"<notes><note><title>A</title><text>{text}</text></note></notes>"
    [entry] = read_file((xml if file.endswith("xml") else f"# Notes\n\n{text}").encode(), file).entries
    assert snippet(entry, Highlighter(parse(query)), 100)[0] == shown


def test_a_snippet_of_xml_is_as_it_is_written() -> None:
    data = b"<notes><note><title>A</title><text>Use **a** [x](y)</text></note></notes>"
    [entry] = read_file(data, "notes.xml").entries
    assert snippet(entry, Highlighter(parse("use")), 100)[0] == "Use **a** [x](y)"


@pytest.mark.parametrize("begin", ["", "a"])
@pytest.mark.parametrize("sign", [" ", "\t", "-"])
def test_a_long_run_of_a_sign_costs_little(begin: str, sign: str) -> None:
    line = begin + sign * 30_000 + "x"
    assert plain_text(line).split() == line.split()


def test_a_long_run_of_backticks_costs_little() -> None:
    line = "a " + "`" * 30_000
    assert plain_text(line) == line
