"""The client sends a call again when that can help, and only then."""

from __future__ import annotations

import time
from datetime import datetime, timezone

import httpx
import pytest
from conftest import FakeMarket
from fake_market import CUT, HANG, LOSE, Answer, Market, problem

from pairwork import NetworkError, Pairwork, PairworkError, ProblemError
from pairwork._call import Call
from pairwork._exchange import Exchange, Settings
from pairwork.errors import parse_retry_after
from pairwork.types import ProjectInput

HEALTH = Answer(200, {"status": "ok", "version": "0.1.0"})
PROJECT: ProjectInput = {"title": "Payment API", "category": "Software", "skills": ["Rust"]}


def client(market: Market, waits: list[float], *, timeout: float = 30.0, max_retries: int = 4) -> Pairwork:
    """A client that records its waits instead of waiting."""
    return Pairwork(
        market.url, timeout=timeout, max_retries=max_retries, token="one", sleep=waits.append, random=lambda: 0.5
    )


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_status_of_a_busy_market_is_sent_again(fake_market: FakeMarket, status: int) -> None:
    market, waits = fake_market(Answer(status), Answer(status), HEALTH), list[float]()
    assert client(market, waits).get_health()["status"] == "ok"
    assert len(market.requests) == 3
    assert waits == [0.125, 0.25]


@pytest.mark.parametrize("status", [400, 403, 404, 409, 412, 422, 500])
def test_another_status_is_not_sent_again(fake_market: FakeMarket, status: int) -> None:
    market, waits = fake_market(problem(status, "some_code"), HEALTH), list[float]()
    with pytest.raises(ProblemError) as caught:
        client(market, waits).get_health()
    assert (caught.value.status, caught.value.code) == (status, "some_code")
    assert len(market.requests) == 1


def test_the_last_failure_is_raised_after_the_last_retry(fake_market: FakeMarket) -> None:
    market, waits = fake_market(*[problem(503, "busy")] * 5, HEALTH), list[float]()
    with pytest.raises(ProblemError, match="503 busy: A detail"):
        client(market, waits).get_health()
    assert len(market.requests) == 5
    assert waits == [0.125, 0.25, 0.5, 1.0]


@pytest.mark.parametrize("fraction", [0.0, 1.0])
def test_the_jitter_is_full_and_the_backoff_has_a_cap(fraction: float) -> None:
    settings = Settings(httpx.URL("http://127.0.0.1"), 1.0, 7, lambda: fraction)
    exchange = Exchange(settings, Call[None]("GET", "/health"))
    delays = [exchange.delay(NetworkError("lost")) for _ in range(7)]
    assert delays == [fraction * seconds for seconds in (0.25, 0.5, 1, 2, 4, 8, 8)]


def test_retry_after_is_waited_for_and_the_jitter_comes_on_top(fake_market: FakeMarket) -> None:
    market, waits = fake_market(problem(503, "busy", {"retry-after": "7"}), HEALTH), list[float]()
    client(market, waits).get_health()
    assert waits == [7.125]


def test_a_retry_after_of_more_than_a_minute_is_left_to_the_caller(fake_market: FakeMarket) -> None:
    market, waits = fake_market(problem(503, "busy", {"retry-after": "61"}), HEALTH), list[float]()
    with pytest.raises(ProblemError) as caught:
        client(market, waits).get_health()
    assert caught.value.retry_after == 61
    assert waits == []


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0),
        ("Tue, 01 Dec 2026 09:00:05 GMT", 5.0),
        ("Tue, 01 Dec 2026 08:00:00 GMT", 0.0),
        ("Tue, 01 Dec 2026 09:00:05 -0000", None),
        ("soon", None),
        ("²", None),
        (None, None),
    ],
)
def test_retry_after_holds_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert parse_retry_after(header, datetime(2026, 12, 1, 9, tzinfo=timezone.utc)) == seconds


def test_a_lost_connection_is_sent_again_with_the_same_idempotency_key_and_body(fake_market: FakeMarket) -> None:
    market = fake_market(LOSE, problem(503, "busy"), Answer(201, {"id": "prj_1", **PROJECT}))
    waits: list[float] = []
    assert client(market, waits).post_project(PROJECT)["id"] == "prj_1"
    keys = [request.headers["idempotency-key"] for request in market.requests]
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert len(keys[0]) == 32
    assert len({request.body for request in market.requests}) == 1
    assert len(waits) == 2


def test_each_call_has_an_idempotency_key_of_its_own_unless_the_caller_gives_one(fake_market: FakeMarket) -> None:
    market = fake_market(*[Answer(201)] * 3)
    pairwork = client(market, [])
    pairwork.post_project(PROJECT)
    pairwork.post_project(PROJECT)
    pairwork.post_project(PROJECT, idempotency_key="order-17")
    keys = [request.headers["idempotency-key"] for request in market.requests]
    assert len(set(keys)) == 3
    assert keys[2] == "order-17"


def test_a_repeat_that_meets_its_first_request_in_progress_is_sent_again(fake_market: FakeMarket) -> None:
    market = fake_market(LOSE, problem(409, "request_in_progress", {"retry-after": "1"}), Answer(201))
    waits: list[float] = []
    client(market, waits).post_project(PROJECT)
    assert len(market.requests) == 3
    assert waits == [0.125, 1.25]


def test_a_connection_that_is_lost_every_time_is_a_network_error_with_its_cause(fake_market: FakeMarket) -> None:
    market = fake_market(LOSE, LOSE)
    with pytest.raises(NetworkError) as caught:
        client(market, [], max_retries=1).get_health()
    assert isinstance(caught.value.__cause__, httpx.TransportError)
    assert len(market.requests) == 2


def test_an_answer_that_is_cut_off_is_asked_for_again(fake_market: FakeMarket) -> None:
    market = fake_market(CUT, HEALTH)
    assert client(market, []).get_health()["status"] == "ok"
    assert len(market.requests) == 2


def test_an_attempt_that_takes_too_long_is_sent_again(fake_market: FakeMarket) -> None:
    market = fake_market(HANG, HEALTH)
    started = time.monotonic()
    assert client(market, []).get_health(timeout=0.1)["status"] == "ok"
    assert time.monotonic() - started < 5
    assert len(market.requests) == 2


def test_no_answer_in_time_is_a_network_error(fake_market: FakeMarket) -> None:
    market = fake_market(HANG)
    with pytest.raises(NetworkError) as caught:
        client(market, [], timeout=0.1, max_retries=0).get_health()
    assert isinstance(caught.value.__cause__, httpx.ReadTimeout)


def test_a_request_that_cannot_be_sent_is_not_tried_again(fake_market: FakeMarket) -> None:
    market, waits = fake_market(), list[float]()
    with pytest.raises(PairworkError, match="header") as caught:
        client(market, waits).post_project(PROJECT, idempotency_key="two\nlines")
    assert not isinstance(caught.value, NetworkError)
    assert (market.requests, waits) == ([], [])
