"""What the tests of the library share."""

from __future__ import annotations

import pytest

from tests.support.leftovers import name_of_the_dead


@pytest.fixture(scope="module")
def gone() -> str:
    """Return the name that a process gave a temporary file before it ended."""
    return name_of_the_dead()
