"""Work in threads, as workers of a screen or a widget: an error that it lets out is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from textual.dom import DOMNode
from textual.worker import get_current_worker

from tui.context import context_of

if TYPE_CHECKING:
    from textual.worker import Worker

    from tui.runtime.lanes import Lane

P = ParamSpec("P")
Node = TypeVar("Node", bound=DOMNode)
Answer = TypeVar("Answer")


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

    # A worker and its task hold each other: with the work they would keep its answer until a collection.
    to_do = [guarded]

    async def done() -> None:
        doing = asyncio.wrap_future(lane.submit(to_do.pop()))
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


_ASKED: WeakKeyDictionary[DOMNode, dict[str, object]] = WeakKeyDictionary()
"""The last question of each node, by group: the answer to an earlier one is dropped."""


def look_up(
    node: DOMNode,
    group: str,
    work: Callable[[], Answer],
    show: Callable[[Answer], object],
    failed: Callable[[Exception], object],
) -> Worker[None]:
    """Work in a thread, then hand the answer to `show`, in the app's loop.

    Nothing is shown once the node has asked for another in the same group, or is gone. `failed` gets an error
    whose words are a sentence for the user.
    """
    return look_up_all(node, group, lambda: iter((work(),)), show, failed)


def look_up_all(
    node: DOMNode,
    group: str,
    work: Callable[[], Iterator[Answer]],
    show: Callable[[Answer], object],
    failed: Callable[[Exception], object],
) -> Worker[None]:
    """Do as `look_up`, for work that yields one answer after the other; it ends when none is wanted."""
    question = object()
    _ASKED.setdefault(node, {})[group] = question

    def wanted() -> bool:
        return _ASKED[node].get(group) is question

    def deliver(told: Callable[[Any], object], answer: object) -> None:
        node.call_later(lambda: told(answer) if wanted() else None)

    def run() -> None:
        worker = get_current_worker()
        try:
            for answer in work():
                if worker.is_cancelled or not wanted():
                    return
                deliver(show, answer)
        except _in_sentences() as error:
            deliver(failed, error)

    return context_of(node).in_thread(run, group, node)


def _in_sentences() -> tuple[type[Exception], ...]:
    """Return the errors whose words are a sentence for the user; loaded when there is one."""
    from index.model.errors import HistoryError, TreeError
    from index.model.plan import CannotEdit

    return HistoryError, TreeError, CannotEdit, OSError
