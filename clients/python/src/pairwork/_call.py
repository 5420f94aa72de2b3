"""One request as an operation describes it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import quote

from .errors import PairworkError

T = TypeVar("T")


@dataclass(frozen=True)
class Call(Generic[T]):
    """A request whose successful answer is a `T`. Parameters that are None are left out."""

    method: str
    path: str
    query: Mapping[str, str | float | bool | None] = field(default_factory=dict)
    headers: Mapping[str, str | None] = field(default_factory=dict)
    body: object = None
    sign_in: bool = False
    timeout: float | None = None


def segment(text: str) -> str:
    """A path segment with its special characters escaped. Refuses a segment that would lead to another path."""
    if text in ("", ".", ".."):
        raise PairworkError(f"{text!r} cannot be part of a path")
    return quote(text, safe="")


def new_idempotency_key() -> str:
    """A new random key: 122 random bits as hexadecimal digits."""
    return uuid.uuid4().hex
