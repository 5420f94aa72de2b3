"""Keeps the `ETag` of an answer beside its value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import PairworkError


class Versioned(dict[str, Any]):
    """A JSON object that the market sent with an `ETag`."""

    etag: str


def versioned(value: object, etag: str | None) -> object:
    """The value with its `ETag`, if it has one."""
    if etag is None or not isinstance(value, dict):
        return value
    result = Versioned(value)
    result.etag = etag
    return result


def etag_of(value: Mapping[str, object]) -> str:
    """The `ETag` that the market sent with a value, to be given as `if_match`.

    Raises `PairworkError` for a value that no operation returned with an `ETag`: a copy of an answer has none either.
    """
    if not isinstance(value, Versioned):
        raise PairworkError("The market sent no ETag with this value")
    return value.etag
