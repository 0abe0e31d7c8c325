"""A user without a home: a bare number that the system does not know, as in a container; a wrong `HOME`."""

from __future__ import annotations

import os
import pwd
from typing import NoReturn

import pytest
from platformdirs import user_state_path

from tui.__main__ import give_home


def unknown(_: object) -> NoReturn:
    raise KeyError


@pytest.fixture(params=[None, "", "home", "~", "~ana"])
def nowhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", request.param or "")
    for name in ("XDG_STATE_HOME", *(["HOME"] if request.param is None else [])):
        monkeypatch.delenv(name, raising=False)


def test_a_home_that_is_named_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    give_home()
    assert os.environ["HOME"] == "/home/ana"


@pytest.mark.usefixtures("nowhere")
def test_the_system_knows_it() -> None:
    give_home()
    assert "HOME" not in os.environ
    assert user_state_path().is_absolute()


@pytest.mark.usefixtures("nowhere")
def test_nobody_knows_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    give_home()
    assert os.environ["HOME"] == "/"
    assert user_state_path().is_absolute()
