"""Work in threads, as workers of a screen or a widget: an error that it lets out is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial, wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from tui.context import context_of

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.worker import Worker

    from tui.runtime.lanes import Lane

P = ParamSpec("P")
Node = TypeVar("Node", bound="DOMNode")


def start(
    node: DOMNode,
    lane: Lane,
    work: Callable[[], object],
    unexpected: Callable[[Exception], None],
    group: str,
    *,
    exclusive: bool,
) -> Worker[None]:
    """Do something in a thread, as a worker of `node`; `unexpected` is told of errors that it lets out."""

    def guarded() -> None:
        try:
            work()
        except Exception as error:  # the boundary: whatever it is, it is shown and written down
            unexpected(error)
            raise

    async def done() -> None:
        doing = asyncio.wrap_future(lane.submit(guarded))
        # The end of the app cancels every worker: what was typed last is kept nevertheless.
        await (doing if exclusive else asyncio.shield(doing))

    return node.run_worker(done, exclusive=exclusive, exit_on_error=False, group=group)


def threaded(
    group: str, *, exclusive: bool = True
) -> Callable[[Callable[Concatenate[Node, P], None]], Callable[Concatenate[Node, P], Worker[None]]]:
    """Let a method of a widget or a screen do its work in a thread.

    `exclusive`: the one that was started before by the same node, in the same group, is no longer wanted.
    """

    def decorate(
        method: Callable[Concatenate[Node, P], None],
    ) -> Callable[Concatenate[Node, P], Worker[None]]:
        @wraps(method)
        def begin(node: Node, /, *args: P.args, **kwargs: P.kwargs) -> Worker[None]:
            work = partial(method, node, *args, **kwargs)
            return context_of(node).in_thread(work, group, node, exclusive=exclusive)

        return begin

    return decorate
