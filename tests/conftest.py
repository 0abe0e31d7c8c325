"""What holds for all tests."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

SUPPORT = Path(__file__).with_name("support")

# What is shared says as much of a failed assertion as the tests themselves.
pytest.register_assert_rewrite("tests.support")

# How long an example takes says something of the machine, not of what is tested.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# What git does in a test depends on no setting of whoever runs it.
for name in [name for name in os.environ if name.startswith("GIT_")]:
    del os.environ[name]
os.environ |= {"GIT_CONFIG_GLOBAL": str(SUPPORT / "gitconfig"), "GIT_CONFIG_NOSYSTEM": "1"}

# What a test says of days is true in this zone, wherever it runs.
os.environ["TZ"] = "UTC"
time.tzset()


@pytest.fixture
def in_zone() -> Iterator[Callable[[str], None]]:
    """Return what moves the user's clock to another time zone for the rest of the test."""

    def move(name: str) -> None:
        os.environ["TZ"] = name
        time.tzset()

    yield move
    move("UTC")
