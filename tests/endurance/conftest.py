"""The trials and the table that they end with."""

from __future__ import annotations

from collections.abc import Callable, Generator

import pytest

from tests.support.trial import RESULTS, SEED, Trial, make_trial


@pytest.fixture
def trial(record_property: Callable[[str, object], None]) -> Callable[..., Trial]:
    """Return a maker of trials whose counts are told at the end of the run."""

    def make(name: str, *, short: int, long: int) -> Trial:
        made = make_trial(name, short=short, long=long)
        record_property(RESULTS, made)
        return made

    return make


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the counts into text once the trial is over, so that they reach the process that prints them."""
    report = yield
    report.user_properties = [(key, str(value)) for key, value in item.user_properties]
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table, one row a trial."""
    reports = [*terminalreporter.stats.get("passed", ()), *terminalreporter.stats.get("failed", ())]
    rows = {text for report in reports for key, text in report.user_properties if key == RESULTS}
    if rows:
        terminalreporter.write_sep("-", f"endurance, seed {SEED}")
        terminalreporter.write_line("| trial | rounds | counted |\n|---|---|---|\n" + "\n".join(sorted(rows)))
