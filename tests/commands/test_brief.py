"""`memarium brief`, as a process."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.commands.demo import make_demo
from tests.support.commands import Run, printed
from tests.support.shop import FILE


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return make_demo(tmp_path / "demo")


def test_the_brief_of_the_demo(run: Run) -> None:
    text = run("brief").stdout
    assert text.startswith("# Brief: shop-api\n")
    assert "- Next step: Build the export index on" in text
    assert "`DEC-011`" in text
    assert len(run("brief", "--max-chars", "700").stdout) <= 700
    told = printed(run("brief", "--json", "--max-chars", "700"))
    assert told["state"]["next_step"].startswith("Build the export index")
    assert told["sections"][0]["name"] == "blockers"
    assert told["left_out"]["solutions"] > 0
    other = printed(run("brief", "--json", "--project", "billing"))
    assert other["project"] == "billing"
    assert other["state"] is None
    assert run("brief", "--max-chars", "5", status=2).stdout == ""


def test_the_brief_tells_what_others_changed_and_does_not_count_it_as_seen(run: Run, demo: Path) -> None:
    run("list", "--new", status=1)
    file = demo / FILE
    before = file.read_bytes()
    file.write_bytes(before.replace(b"<title>", b"<title>Again: ", 1))
    for _ in range(2):
        sections = {section["name"]: section for section in printed(run("brief", "--json"))["sections"]}
        assert [line["change"] for line in sections["news"]["lines"]] == ["changed"]
    file.write_bytes(before)
