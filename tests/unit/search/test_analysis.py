"""How texts are read as words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.model.text.letters import bare
from index.search.language import analysis
from index.search.language.query import Word
from index.search.language.terms import says, ways


def words(text: str) -> list[str]:
    return list(dict.fromkeys(token.word for token in analysis.tokens(text)))


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("pg-pool", ["pg", "pool"]),
        ("snake_case_name", ["snake", "case", "name"]),
        ("Node.js 20", ["node", "js", "20"]),
        ("don't", ["don", "t"]),
        ("Ошибка пула", ["ошибка", "пула"]),
        ("連接池 exhausted", ["連", "接", "池", "exhausted"]),
        ("データ", ["デ", "ー", "タ"]),
        ("done ✅ 🚀", ["done", "✅", "🚀"]),
        ("cafe\u0301 au lait", ["cafe", "au", "lait"]),
        ("!? -- […]", []),
        ("C++, C# and .NET", ["c++", "c#", "and", ".net"]),
        ("$HOME/bin --force @cache #12", ["$home", "bin", "--force", "@cache", "#12"]),
        ("a+b 1 + 2", ["a", "b", "1", "2"]),
        ("version 3.11.2.", ["version", "3", "11", "2"]),
    ],
)
def test_runs_as_a_query_asks_for_them(text: str, runs: list[str]) -> None:
    assert [run.word for run in analysis.runs(text)] == runs


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pool", ["pool"]),
        ("SQL", ["sql"]),
        ("PostgreSQL", ["postgresql", "postgre", "sql"]),
        ("idleTimeout", ["idletimeout", "idle", "timeout"]),
        ("sha256", ["sha256", "sha", "256"]),
        ("C++17", ["c", "c++", "17"]),
        ("ASP.NET", ["asp", "net", ".net", "aspnet"]),
        ("utf-8", ["utf", "8", "utf8"]),
        ("3.11", ["3", "11"]),
        ("x => y", ["x", "=>", "y"]),
        ("it → them", ["it", "→", "them"]),
        ("--- *** ...", []),
        ("x" * 200, ["x" * analysis.MAX_WORD]),
    ],
)
def test_tokens(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Kovač", "kovac"), ("ŠIŠ", "sis"), ("ﬁle", "file"), ("Łódź", "lodz"),
        ("smørrebrød", "smorrebrod"),
        ("Straße", "STRASSE"), ("ærlig œuvre", "aerlig oeuvre"), ("cafe\u0301", "café"),
        ("Ёлка", "елка"),
        ("مُحَمَّد", "محمد"), ("שָׁלוֹם", "שלום"), ("أحمد", "احمد"), ("ﾃﾞｰﾀ", "データ"), ("ﾊﾟｽ", "パス"),
        ("ハ\u309aス", "パス"),
        ("ＡＰＩ ｖ２", "api v2"), ("5㎏", "5kg"), ("㍿", "株式会社"), ("क\u093c", "\u0958"), ("ı", "i"),
        ("İ", "i"), ("क़लम", "कलम"), ("ਜ਼ਮੀਨ", "ਜਮੀਨ"),
        ("п\u02bcять", "п'ять"), ("п\u2019ять", "п\u02bcять"), ("Hawai\u02bbi", "Hawai'i"),
        ("e\u2011mail", "e-mail"),
        ("utf\u20108", "utf-8"), ("5\u00b5s", "5\u03bcs"),
        ("soft\u00adly", "softly"), ("❤\ufe0f", "❤"), ("Ｃ＋＋", "c++"), ("٣", "3"),
    ],
)  # fmt: skip
def test_spellings_of_one_word(text: str, same: str) -> None:
    assert words(text) == words(same)
    assert words(unicodedata.normalize("NFD", text)) == words(text)
    assert words(unicodedata.normalize("NFC", text)) == words(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("パス", "バス"), ("パス", "ハス"), ("データ", "テータ"), ("が", "か"), ("दिन", "दान"),
        ("बड़ा", "बडा"),
        ("কি", "কা"), ("தமிழ்", "தமழ"),
        ("мой", "мои"), ("C++", "C#"), (".NET", "net"), ("$HOME", "home"), ("F#", "F"),
        ("@cache", "cache"),
        ("=>", "->"), ("™", "tm"), ("3.11", "311"), ("กา", "กี"),
    ],
)  # fmt: skip
def test_other_words(one: str, other: str) -> None:
    assert not says(Word(one), other)
    assert says(Word(one), one)


@pytest.mark.parametrize("text", ["utf8", "utf-8", "UTF_8", "Utf8", "utf.8"])
@pytest.mark.parametrize("asked", ["utf8", "utf-8", "UTF_8", "utf 8"])
def test_joined_or_not(asked: str, text: str) -> None:
    assert all(says(Word(word), text) for word in asked.split())


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("email", "e-mail"), ("e-mail", "email"), ("reindex", "re-index"),
        ("snakecase", "my_snake_case"),
        ("ipv6", "IPv6Address"), ("oauth2", "OAuth2Token"), ("oauth", "OAuth2Token"),
        ("token", "OAuth2Token"),
        ("postgres14", "Postgres 14"), ("wifi", "Wi-Fi"), ("nodejs", "Node.js"), ("node.js", "nodejs"),
        ("dont", "don't"), ("max_connections", "maxConnections"), ("maxConnections", "max_connections"),
        ("11", "v3.11"), ("3.11", "v3.11.2"), ("stateoftheart", "state-of-the-art"), (".js", "main.js"),
        ("email", "e\u2011mail"), ("п'ять", "п\u02bcять"), ("donʼt", "don't"), ("кг", "5кг"), ("5 кг", "5кг"),
        ("μs", "5µs"), ("app.py", "src/app.py"), ("src/app", "src/app.py"), ("C++", "C++17"),
        ("$HOME", "${HOME}/bin"),
    ],
)  # fmt: skip
def test_names_in_pieces(asked: str, text: str) -> None:
    assert says(Word(asked), text)


@given(st.text())
def test_tokens_lie_in_their_text(text: str) -> None:
    for token in analysis.tokens(text):
        assert token.word
        assert 0 <= token.start < token.end <= len(text)
        assert 0 <= token.first <= token.last


@given(st.text("aB1 -_.+#$'é\u0301パ\u309aｶﾞक़ि=>→", max_size=12))
def test_a_text_says_what_it_says(text: str) -> None:
    word = Word(text)
    assert says(word, text) or not ways(word)


@given(st.text())
def test_folding_is_done_once(text: str) -> None:
    assert bare(bare(text)) == bare(text)


@given(st.integers(0, 500), st.integers(0, 500))
def test_before_and_following_say_the_same(first: int, second: int) -> None:
    assert (first in analysis.before(second)) == (second in analysis.following({first}, [second]))
