"""The status of a store whose versions memarium keeps: a file that no change was made to is in none."""

from __future__ import annotations

from pathlib import Path

from tests.support.commands import call


def test_a_file_that_is_in_no_version_yet_was_not_added(tmp_path: Path) -> None:
    store = tmp_path / ".serena/memories"
    store.mkdir(parents=True)
    for name in ("one", "two"):
        (store / f"{name}.md").write_text(f"# {name.title()}\n\nA text.\n")
    call(store, "edit", "one.md#one", "--set", "text=Another.", status=0)
    path = ".serena/memories/two.md"
    assert call(store, "status").stdout.splitlines() == [
        f"+ {path}  in no version yet",
        f"    + Two: in no version yet  {path}#two",
    ]
