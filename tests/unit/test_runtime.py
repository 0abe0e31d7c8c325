"""The modules of the app that are there for milliseconds name the row of the benchmark that shows them."""

from __future__ import annotations

import re
from importlib import import_module

import pytest

from benchmarks.bench import ROWS


@pytest.mark.parametrize("name", ["idle_gc", "key_priority", "prefetch"])
def test_each_serves_a_row_that_there_is(name: str) -> None:
    told = import_module(f"tui.runtime.{name}").__doc__ or ""
    row = re.search(r"Row of `make bench`: `(\w+)`", told)
    assert row is not None
    assert row[1] in ROWS
