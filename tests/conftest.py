"""The world of all tests: git's settings, folders, time zone."""

import os
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.git import SETTINGS
from tests.support.home import Home

_NUMBERS = count()

# How long an example takes says something of the machine, not of what is tested. The examples are the same
# in every run, so that one that fails fails everywhere; EXPLORE=1 looks for others.
settings.register_profile("fixed", deadline=None, derandomize="EXPLORE" not in os.environ)
settings.load_profile("fixed")

# What git does in a test depends on no setting of whoever runs it.
for name in [name for name in os.environ if name.startswith("GIT_")]:
    del os.environ[name]
os.environ |= {"GIT_CONFIG_GLOBAL": str(SETTINGS), "GIT_CONFIG_NOSYSTEM": "1"}

# The engine of a plain installation; what every engine does is tested over all of them.
os.environ["MEMARIUM_ENGINE"] = "whoosh"

# What a test says of days is true in this zone, wherever it runs.
os.environ["TZ"] = "UTC"
time.tzset()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure one case of each test, and one with each engine: measuring takes as long as the test itself."""
    measured = set()
    for item in items:
        cases = getattr(item, "callspec", None)
        test = item.nodeid.split("[")[0], cases and cases.params.get("engine_name")
        if test in measured or getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("no_cover")
        measured.add(test)


@pytest.fixture
def in_zone() -> Iterator[Callable[[str], None]]:
    """Return what moves the user's clock to another time zone for the rest of the test."""

    def move(name: str) -> None:
        os.environ["TZ"] = name
        time.tzset()

    yield move
    move("UTC")


@pytest.fixture(params=["whoosh", "tantivy"])
def engine_name(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the user choose an engine; a test that takes it is run with each of them."""
    name = str(request.param)
    monkeypatch.setenv("MEMARIUM_ENGINE", name)
    return name


@pytest.fixture(scope="session", autouse=True)
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of all homes; what tests share is made in a home of its own."""
    folder = tmp_path_factory.mktemp("homes")
    os.environ |= Home(folder / "shared").environment()
    return folder


@pytest.fixture(autouse=True)
def home(homes: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Give every test folders of its own for the cache, the settings and the state."""
    own = Home(homes / str(next(_NUMBERS)))
    for name, value in own.environment().items():
        monkeypatch.setenv(name, value)
    return own


@pytest.fixture
def unversioned(home: Home) -> None:
    """Leave memarium no place for the versions of trees in no git: nothing of theirs is versioned."""
    home.spoil(home.data)
