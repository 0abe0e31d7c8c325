"""What memarium costs, each row beside a yardstick measured in the same run.

    python benchmarks/bench.py [ROW ...] [--runs N]

A row is only as good as its ratio: machines differ and are shared, the yardstick runs in turn with it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import (
    brief_rows,
    command_rows,
    history_rows,
    markdown_rows,
    meaning_rows,
    rows,
    search_rows,
    timeline_rows,
)
from benchmarks.rows import Row

ROWS: dict[str, Callable[[Path, int], Iterable[Row]]] = {
    "start": rows.start,
    "index": rows.index,
    "search": search_rows.search,
    "search-index": search_rows.search_index,
    "search-large": search_rows.search_large,
    "meaning": meaning_rows.meaning,
    "read": rows.read,
    "edit": rows.edit,
    "markdown": markdown_rows.markdown,
    "commands": command_rows.commands,
    "counts": command_rows.counts,
    "timeline": timeline_rows.timeline,
    "history": history_rows.history,
    "markdown-history": history_rows.markdown_history,
    "brief": brief_rows.brief,
}


def main() -> None:
    """Measure the rows that the command line names, or all of them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rows", nargs="*", metavar="ROW", help=", ".join(ROWS))
    parser.add_argument("--runs", type=int, default=7, help="how often each side of a row is run")
    asked = parser.parse_args()
    unknown = [name for name in asked.rows if name not in ROWS]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}; there are {', '.join(ROWS)}")
    print(f"{'':38}  {'memarium':>12}  {'yardstick':>12}  {'ratio':>6}  {'bound':>8}")
    missed = 0
    with tempfile.TemporaryDirectory(prefix="memarium-bench-") as folder:
        os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
        os.environ["XDG_CONFIG_HOME"] = f"{folder}/config"
        os.environ["XDG_DATA_HOME"] = f"{folder}/data"
        os.environ["XDG_STATE_HOME"] = f"{folder}/state"
        for name in asked.rows or ROWS:
            for row in ROWS[name](Path(folder), asked.runs):
                print(row.line(), flush=True)
                missed += row.missed
    print(f"\n{missed} over their bound" if missed else "\nall within their bounds")
    sys.exit(missed > 0)


if __name__ == "__main__":
    main()
