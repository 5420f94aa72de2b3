"""The awaited client behaves as the blocking one, and its calls can be cancelled."""

from __future__ import annotations

import asyncio

import pytest
from conftest import FakeMarket
from fake_market import HANG, LOSE, Answer, Market, problem, session

from pairwork import AsyncPairwork, NetworkError, ProblemError


async def received(market: Market) -> None:
    """Returns once the market has received a request."""
    await asyncio.to_thread(market.received.wait, 5)


def test_a_lost_connection_and_a_busy_market_are_met_with_retries(fake_market: FakeMarket) -> None:
    market = fake_market(LOSE, problem(503, "busy", {"retry-after": "2"}), Answer(201, {"id": "prj_1"}))
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def post() -> str:
        async with AsyncPairwork(market.url, token="one", sleep=sleep, random=lambda: 0.5) as pairwork:
            project = await pairwork.post_project({"title": "API", "category": "Software", "skills": ["Rust"]})
            return project["id"]

    assert asyncio.run(post()) == "prj_1"
    assert waits == [0.125, 2.25]
    assert len({request.headers["idempotency-key"] for request in market.requests}) == 1


def test_failures_are_raised(fake_market: FakeMarket) -> None:
    market = fake_market(LOSE, problem(404, "not_found"))

    async def fail() -> None:
        async with AsyncPairwork(market.url, max_retries=0) as pairwork:
            with pytest.raises(NetworkError):
                await pairwork.get_health()
            with pytest.raises(ProblemError, match="404 not_found"):
                await pairwork.get_health()

    asyncio.run(fail())
    assert len(market.requests) == 2


def test_tasks_share_one_sign_in_and_a_refused_token_is_renewed(fake_market: FakeMarket) -> None:
    account = Answer(200, {"id": "usr_1"})
    market = fake_market(session("one"), account, account, problem(401, "unauthorized"), session("two"), account)

    async def read() -> None:
        async with AsyncPairwork(market.url, email="mina@example.com", password="password") as pairwork:
            await asyncio.gather(pairwork.get_my_account(), pairwork.get_my_account())
            await pairwork.get_my_account()

    asyncio.run(read())
    targets = [request.target for request in market.requests]
    me = "/accounts/me"
    assert targets == ["/sessions", me, me, me, "/sessions", me]
    assert market.requests[-1].headers["authorization"] == "Bearer two"


def test_an_iterator_follows_the_cursors(fake_market: FakeMarket) -> None:
    pages = [{"items": [{"id": "a"}], "next_cursor": "two"}, {"items": [{"id": "b"}], "next_cursor": None}]
    market = fake_market(*[Answer(200, page) for page in pages])

    async def ids() -> list[str]:
        async with AsyncPairwork(market.url) as pairwork:
            return [project["id"] async for project in pairwork.iter_projects(limit=1)]

    assert asyncio.run(ids()) == ["a", "b"]
    assert [request.target for request in market.requests] == ["/projects?limit=1", "/projects?limit=1&cursor=two"]


def test_a_cancelled_call_ends_at_once_and_is_not_sent_again(fake_market: FakeMarket) -> None:
    market = fake_market(HANG)

    async def cancel() -> None:
        async with AsyncPairwork(market.url) as pairwork:
            call = asyncio.create_task(pairwork.get_health())
            await received(market)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call

    asyncio.run(cancel())
    assert len(market.requests) == 1


def test_a_cancelled_call_ends_its_wait_between_attempts(fake_market: FakeMarket) -> None:
    market = fake_market(problem(503, "busy", {"retry-after": "60"}))

    async def cancel() -> None:
        async with AsyncPairwork(market.url) as pairwork:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(pairwork.get_health(), 0.3)

    asyncio.run(cancel())
    assert len(market.requests) == 1


def test_a_cancelled_sign_in_leaves_the_next_call_to_sign_in(fake_market: FakeMarket) -> None:
    market = fake_market(HANG, session("one"), Answer(200, {"id": "usr_1"}))

    async def cancel() -> str:
        async with AsyncPairwork(market.url, email="mina@example.com", password="password") as pairwork:
            cancelled = asyncio.create_task(pairwork.get_my_account())
            await received(market)
            other = asyncio.create_task(pairwork.get_my_account())
            await asyncio.sleep(0)
            cancelled.cancel()
            return (await other)["id"]

    assert asyncio.run(cancel()) == "usr_1"
