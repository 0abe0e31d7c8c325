"""Addresses in a text, and no more than them."""

from __future__ import annotations

import pytest

from index.model.addresses import addresses, is_url, line_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(see https://a.b/c_(d).)", ["https://a.b/c_(d)"]),
        ("https://a.b/?q=1&r=[2], then", ["https://a.b/?q=1&r=[2]"]),
        ("**https://a.b**", ["https://a.b"]),
        ("<http://a.b> \"https://c.d\" 'https://e.f'", ["http://a.b", "https://c.d", "https://e.f"]),
        ("ftp://a.b/c.txt file:///etc/passwd.txt javascript:alert(1)", []),
        ("`src/pool.ts:12`, ../a/b.md and ./c.py", ["src/pool.ts:12", "../a/b.md", "./c.py"]),
        ("docs/a.md#why, README.md.", ["docs/a.md", "README.md"]),
        ("~/secret.md C:\\a\\b.md $HOME/x.md", []),
        ("[[retry-budget]] [[a/b|shown]] [[c#part]] [[]]", ["retry-budget", "a/b", "c"]),
        ("`mem:core/outbox`. item:one", ["core/outbox"]),
        ("1.5 times, v1.2.3, and so on... 10:20:30", []),
        ("日本語.md と https://例え.jp/道", ["日本語.md", "https://例え.jp/道"]),
    ],
)
def test_addresses_are_found(text: str, found: list[str]) -> None:
    assert [one.target for one in addresses(text)] == found
    assert all(one.target in text[one.start : one.end] for one in addresses(text))


@pytest.mark.parametrize(
    "piece", ["a/", "a.", "-", "[[", "https://", "a.b/", "mem:", ".", "x" * 100 + "/", "[[a"]
)
def test_hostile_texts_are_gone_through(piece: str) -> None:
    found = list(addresses(piece * (300_000 // len(piece))))
    assert all(one.end <= 200_000 for one in found)


def test_only_the_web_is_a_url() -> None:
    assert is_url("https://a.b/c?d")
    assert not any(map(is_url, ["https://a.b c", "ftp://a.b", "https://", "-https://a.b", "https://a.b\n"]))


def test_a_line_is_read_off_a_path() -> None:
    assert line_in("src/a.ts:12") == ("src/a.ts", 12)
    assert line_in("a.md:0") == ("a.md", 0)
    assert line_in("a.md#part:3") == ("a.md", 1)
