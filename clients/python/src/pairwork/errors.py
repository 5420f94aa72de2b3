"""The errors that the clients raise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any, cast

from . import types


class PairworkError(Exception):
    """The base of every error that the clients raise."""


class NetworkError(PairworkError):
    """No answer arrived: the connection was lost or the time ran out. `__cause__` tells which."""


class ProblemError(PairworkError):
    """The market refused the request: its `application/problem+json` document as an error."""

    status: int
    """The HTTP status."""
    code: str
    """The kind of problem as a stable name. `http_<status>` if the answer was no problem document."""
    title: str
    """The kind of problem as a sentence."""
    detail: str
    """A sentence about this request."""
    errors: list[types.Violation]
    """The wrong fields of the body, each with its JSON pointer."""
    request_id: str | None
    """The id of the request, as the market's log has it."""
    retry_after: float | None
    """The `Retry-After` header in seconds."""

    def __init__(self, status: int, reason: str, headers: Mapping[str, str], body: bytes) -> None:
        """Reads an answer that is not successful. Never fails, whatever the body is."""
        problem = _parse_object(body)
        not_modified = 304
        self.status = status
        self.code = _text(problem, "code") or ("not_modified" if status == not_modified else f"http_{status}")
        self.title = _text(problem, "title") or reason or f"HTTP status {status}"
        self.detail = _text(problem, "detail") or _text(problem, "message") or self.title
        errors = problem.get("errors")
        self.errors = cast("list[types.Violation]", errors) if isinstance(errors, list) else []
        self.request_id = _text(problem, "request_id") or headers.get("apigw-requestid")
        self.retry_after = parse_retry_after(headers.get("retry-after"), datetime.now(timezone.utc))
        super().__init__(f"{status} {self.code}: {self.detail}")


def parse_retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds of a `Retry-After` header, which holds seconds or a date (RFC 9110, section 10.2.3)."""
    if header is None:
        return None
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        return max(0.0, (parsedate_to_datetime(header) - now).total_seconds())
    except (TypeError, ValueError):
        return None


def _parse_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _text(problem: dict[str, Any], name: str) -> str | None:
    value = problem.get(name)
    return value if isinstance(value, str) else None
