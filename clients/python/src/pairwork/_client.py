"""The clients: one blocks, one is awaited."""

from __future__ import annotations

import asyncio
import os
import random as random_module
import threading
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx

from ._call import Call
from ._exchange import UNAUTHORIZED, Exchange, Settings, failure
from .errors import PairworkError, ProblemError
from .operations import AsyncOperations, Operations

T = TypeVar("T")

LOCAL_MARKET = "http://127.0.0.1:8080"


def _base_url(base_url: str | None) -> httpx.URL:
    url = httpx.URL(base_url or os.environ.get("PAIRWORK_URL") or LOCAL_MARKET)
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError(f"the base URL must begin with http:// or https://, not {str(url)!r}")
    return url


class Pairwork(Operations):
    """A client of one market. Threads may share it. It is a context manager that closes its connections.

    :param base_url: The market. If left out: the environment variable `PAIRWORK_URL`, else the local market.
    :param email, password: Sign in before the first call that needs it, and once more when the market refuses the
        token.
    :param token: An access token to begin with.
    :param timeout: Seconds that the market may take to accept a connection, and between two parts of its answer.
    :param max_retries: How often a call is sent again after a failure.
    :param http: Sends the requests. The caller closes it.
    :param sleep, random: For tests.
    """

    def __init__(  # noqa: PLR0913 (options that are given by name)
        self,
        base_url: str | None = None,
        *,
        email: str | None = None,
        password: str | None = None,
        token: str | None = None,
        timeout: float = 30.0,
        max_retries: int = 4,
        http: httpx.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = random_module.random,
    ) -> None:
        self._settings = Settings(_base_url(base_url), timeout, max_retries, random)
        self._credentials = _credentials(email, password)
        self._token = token
        self._signing_in = threading.Lock()
        self._owns_http = http is None
        self._http = http or httpx.Client()
        self._sleep = sleep

    def __enter__(self) -> Pairwork:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        if self._owns_http:
            self._http.close()

    def _call(self, call: Call[T]) -> T:
        exchange = Exchange(self._settings, call)
        token = self._access_token(refused=None) if call.sign_in else None
        try:
            return self._retry(exchange, token)
        except ProblemError as error:
            if token is None or error.status != UNAUTHORIZED or self._credentials is None:
                raise
        return self._retry(exchange, self._access_token(refused=token))

    def _retry(self, exchange: Exchange[T], token: str | None) -> T:
        while True:
            request = exchange.request(token)
            try:
                return exchange.result(self._http.send(request, follow_redirects=False))
            except httpx.RequestError as cause:
                delay = exchange.delay(failure(request, cause))
            except PairworkError as error:
                delay = exchange.delay(error)
            self._sleep(delay)

    def _access_token(self, refused: str | None) -> str | None:
        """The token. Signs in if there is none or the market refused it; concurrent calls share one sign-in."""
        with self._signing_in:
            if self._token == refused and self._credentials is not None:
                email, password = self._credentials
                self._token = self.sign_in({"email": email, "password": password})["access_token"]
            return self._token


class AsyncPairwork(AsyncOperations):
    """The same client, awaited. The options are those of `Pairwork`. Tasks of one event loop may share it."""

    def __init__(  # noqa: PLR0913 (options that are given by name)
        self,
        base_url: str | None = None,
        *,
        email: str | None = None,
        password: str | None = None,
        token: str | None = None,
        timeout: float = 30.0,
        max_retries: int = 4,
        http: httpx.AsyncClient | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = random_module.random,
    ) -> None:
        self._settings = Settings(_base_url(base_url), timeout, max_retries, random)
        self._credentials = _credentials(email, password)
        self._token = token
        self._signing_in = asyncio.Lock()
        self._owns_http = http is None
        self._http = http or httpx.AsyncClient()
        self._sleep = sleep

    async def __aenter__(self) -> AsyncPairwork:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connections."""
        if self._owns_http:
            await self._http.aclose()

    async def _call(self, call: Call[T]) -> T:
        exchange = Exchange(self._settings, call)
        token = await self._access_token(refused=None) if call.sign_in else None
        try:
            return await self._retry(exchange, token)
        except ProblemError as error:
            if token is None or error.status != UNAUTHORIZED or self._credentials is None:
                raise
        return await self._retry(exchange, await self._access_token(refused=token))

    async def _retry(self, exchange: Exchange[T], token: str | None) -> T:
        while True:
            request = exchange.request(token)
            try:
                return exchange.result(await self._http.send(request, follow_redirects=False))
            except httpx.RequestError as cause:
                delay = exchange.delay(failure(request, cause))
            except PairworkError as error:
                delay = exchange.delay(error)
            await self._sleep(delay)

    async def _access_token(self, refused: str | None) -> str | None:
        async with self._signing_in:
            if self._token == refused and self._credentials is not None:
                email, password = self._credentials
                self._token = (await self.sign_in({"email": email, "password": password}))["access_token"]
            return self._token


def _credentials(email: str | None, password: str | None) -> tuple[str, str] | None:
    if email is None and password is None:
        return None
    if email is None or password is None:
        raise ValueError("email and password go together")
    return email, password
