"""What the tree's growth looks like as a command, on the demo as it comes."""

from __future__ import annotations

from tests.support.commands import Run, printed


def test_stats_count_what_the_demo_holds(run: Run) -> None:
    told = printed(run("trends", "--json"))
    assert len(told["periods"]) == len(told["counts"]) == len(told["kinds"][0]["counts"])
    assert sum(told["counts"]) + told["undated"] + told["outside"] == told["entries"]
    assert told["kinds"][0]["kind"] == "debugging-solution"
    assert told["kinds"][0]["group"] == "solution"
    assert [level["level"] for level in told["levels"]] == list("1234567")
    assert {"shop-api", "billing", "gateway"} <= {project["project"] for project in told["projects"]}
    assert told["reused"][0]["id"].endswith("#TPL-003")
    assert told["reused"][0]["uses"] == 6
    text = run("trends", "-n", "2").stdout
    assert "Growing tags" in text
    assert text[text.index("Kinds") : text.index("Levels")].count("\n") == 4
