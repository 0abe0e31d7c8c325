"""How often a trial is run, from which seed, and what came of it.

`make test` runs a short trial, `make endurance` (ENDURANCE=long) a long one. SEED=N begins elsewhere.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import dataclass, field

SEED = int(os.environ.get("SEED", "20261129"))
LONG = os.environ.get("ENDURANCE") == "long"
RESULTS = "endurance results"
"""The property of a test report that holds a trial's line of the table."""


@dataclass
class Trial:
    """One trial: how many rounds, its random numbers, and what was counted on the way."""

    name: str
    rounds: int
    random: random.Random
    counts: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        """Return the trial's row of the table in `docs/safety.md`."""
        told = ", ".join(f"{count:,} {what}" for what, count in self.counts.items())
        return f"| {self.name} | {self.rounds:,} | {told} |"


def make_trial(name: str, *, short: int, long: int) -> Trial:
    """Return a trial of `short` rounds, of `long` ones in `make endurance`."""
    return Trial(name, long if LONG else short, random.Random(f"{SEED} {name}"))
