"""Decides about requests and answers without sending anything, for the blocking client and the awaited one."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import httpx

from ._call import Call
from ._etag import versioned
from .errors import NetworkError, PairworkError, ProblemError

T = TypeVar("T")

STATUSES = frozenset({429, 502, 503, 504})
UNAUTHORIZED = 401
BASE_SECONDS = 0.25
CAP_SECONDS = 8.0
LONGEST_RETRY_AFTER_SECONDS = 60.0
"""A longer `Retry-After` is the caller's to wait for."""


@dataclass(frozen=True)
class Settings:
    """How calls are sent."""

    base_url: httpx.URL
    timeout: float
    """Seconds that the market may take to accept a connection, and between two parts of its answer."""
    max_retries: int
    random: Callable[[], float] = random.random


class Exchange(Generic[T]):
    """One call with its retries. The client sends `request` until `result` returns or raises."""

    def __init__(self, settings: Settings, call: Call[T]) -> None:
        self._settings = settings
        self._call = call
        self._body = None if call.body is None else json.dumps(call.body, ensure_ascii=False, allow_nan=False).encode()
        self._failures = 0

    def request(self, token: str | None) -> httpx.Request:
        """The request of the next attempt."""
        call, settings = self._call, self._settings
        headers = {"accept": "application/json", "user-agent": "pairwork-python"}
        if self._body is not None:
            headers["content-type"] = "application/json"
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        headers |= {name: value for name, value in call.headers.items() if value is not None}
        url = httpx.URL(str(settings.base_url).rstrip("/") + call.path)
        query = {name: value for name, value in call.query.items() if value is not None}
        timeout = httpx.Timeout(settings.timeout if call.timeout is None else call.timeout)
        return httpx.Request(
            call.method,
            url,
            params=query or None,
            headers=headers,
            content=self._body,
            extensions={"timeout": timeout.as_dict()},
        )

    def result(self, response: httpx.Response) -> T:
        """The value of a successful answer. Raises `ProblemError` for another one."""
        if not response.is_success:
            raise ProblemError(response.status_code, response.reason_phrase, response.headers, response.content)
        if not response.content:
            return cast("T", None)
        try:
            value: Any = json.loads(response.content)
        except ValueError as cause:
            raise PairworkError(f"The answer with status {response.status_code} is not JSON") from cause
        return cast("T", versioned(value, response.headers.get("etag")))

    def delay(self, error: PairworkError) -> float:
        """Seconds to wait before the next attempt. Raises the error again if there must be none.

        Every operation may be sent again: one that creates carries an idempotency key, and the others have the same
        effect however often they arrive. While the market still handles the first request, it answers the second with
        `request_in_progress`. The wait is exponential with full jitter, on top of the `Retry-After` of the answer.
        """
        retry_after = 0.0
        if isinstance(error, ProblemError):
            if error.status not in STATUSES and error.code != "request_in_progress":
                raise error
            retry_after = error.retry_after or 0.0
        elif not isinstance(error, NetworkError):
            raise error
        if self._failures >= self._settings.max_retries or retry_after > LONGEST_RETRY_AFTER_SECONDS:
            raise error
        backoff = min(CAP_SECONDS, BASE_SECONDS * 2.0**self._failures)
        self._failures += 1
        return retry_after + self._settings.random() * backoff


def failure(request: httpx.Request, cause: httpx.RequestError) -> PairworkError:
    """A request without an answer as an error of this package."""
    text = f"{request.method} {request.url}: {str(cause) or type(cause).__name__}"
    cannot_be_sent = isinstance(cause, (httpx.LocalProtocolError, httpx.UnsupportedProtocol))
    error = PairworkError(text) if cannot_be_sent else NetworkError(text)
    error.__cause__ = cause
    return error
