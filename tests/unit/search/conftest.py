"""Both engines, for the tests of what every engine does."""

from __future__ import annotations

import pytest

from tests.support.entries import KINDS, EngineKind, Open


@pytest.fixture(params=KINDS, ids=[kind.name for kind in KINDS])
def kind(request: pytest.FixtureRequest) -> EngineKind:
    """Return an engine's class; a test that takes it is run over each engine."""
    made: EngineKind = request.param
    return made


@pytest.fixture
def opened(kind: EngineKind) -> Open:
    """Return what opens the index in a folder."""
    return kind
