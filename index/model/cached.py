"""A value of an object that is made when it is first asked for, once, whichever threads ask."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    once = cached_property
else:

    class once(cached_property):  # noqa: N801  # named as what it takes the place of
        """A `functools.cached_property` with a lock, which Python's own has no longer since 3.12."""

        def __set_name__(self, owner: type, name: str) -> None:
            self._making = threading.RLock()
            super().__set_name__(owner, name)

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            # Only called until the value is in the object itself.
            with self._making:
                return super().__get__(instance, owner)
