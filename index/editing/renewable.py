"""Plans that know how they were made, so that they can be made again after changes of others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

if TYPE_CHECKING:
    from index.model.plan import Plan

P = ParamSpec("P")


def renewable(make: Callable[P, Plan]) -> Callable[P, Plan]:
    """Let a function's plans remember its arguments: `Plan.again` makes them on the tree as it is then."""

    @wraps(make)
    def planned(*args: P.args, **kwargs: P.kwargs) -> Plan:
        return replace(make(*args, **kwargs), again=lambda: planned(*args, **kwargs))

    return planned
