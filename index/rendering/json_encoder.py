"""JSON that a person can read and no terminal obeys: each type of the model is written in one way."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from index.rendering.text import UNSAFE


def to_json(value: Any) -> str:
    """Return a value of the model as JSON; ASCII where standard output is no UTF-8."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    text = json.dumps(encoded(value), ensure_ascii="utf" not in encoding.lower(), indent=2)
    return UNSAFE.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


def encoded(value: Any) -> Any:
    """Return a value of the model as JSON has it: records by name, dates in ISO 8601, sets in order.

    >>> encoded({"days": (date(2025, 11, 22),), "ids": {"b", "a"}})
    {'days': ['2025-11-22'], 'ids': ['a', 'b']}
    """
    if isinstance(value, date):  # moments, too
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encoded(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        return {name: encoded(one) for name, one in value.items()}
    if isinstance(value, Set):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [encoded(one) for one in value]
    return value
