"""Runs against the market at PAIRWORK_URL with its sample accounts: `pairwork up --demo`."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from pairwork import AsyncPairwork, Pairwork, ProblemError, etag_of
from pairwork.types import FreelancerInput, ProjectInput

URL = os.environ["PAIRWORK_URL"]
DEMO = ("demo@pairwork.example", "pairwork-demo")
PROJECT: ProjectInput = {"title": "Payment API", "category": "Software", "skills": ["Rust"]}
PROFILE: FreelancerInput = {"headline": "Payments in Rust", "category": "Software", "skills": ["Rust", "DynamoDB"]}


def demo() -> Pairwork:
    """The client of the sample account that posts projects."""
    return Pairwork(URL, email=DEMO[0], password=DEMO[1])


def test_the_example_prints_matches() -> None:
    file = Path(__file__).resolve().parents[1] / "examples" / "matches.py"
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    output = subprocess.run(  # noqa: S603 (our own file)
        [sys.executable, file], env=environment, check=True, capture_output=True, encoding="utf-8"
    ).stdout
    lines = output.splitlines()
    assert len(lines) >= 3, output
    for line in lines:
        assert re.fullmatch(r"0\.\d{3} .+", line)


def test_a_newcomer_registers_signs_in_puts_a_profile_and_reads_matches() -> None:
    email, password = f"py-{uuid.uuid4()}@example.com", "열려라 참깨 2026"
    account = Pairwork(URL).register({"email": email, "password": password, "display_name": "김민아"})
    assert account is not None, "the market opens accounts at once"
    with Pairwork(URL, email=email, password=password) as market:
        assert market.get_my_account()["id"] == account["id"]
        first = market.put_my_freelancer(PROFILE, if_none_match="*")
        with pytest.raises(ProblemError, match="412"):
            market.put_my_freelancer(PROFILE, if_none_match="*")
        market.put_my_freelancer({**PROFILE, "bio": "Ten years"}, if_match=etag_of(first))
        with pytest.raises(ProblemError, match="412"):
            market.put_my_freelancer(PROFILE, if_match=etag_of(first))
        assert market.list_my_matches(limit=1, accept_language="ko")["freelancer_id"] == account["id"]
        with pytest.raises(ProblemError, match="email_taken"):
            market.register({"email": email, "password": password, "display_name": "x"})


def test_an_idempotency_key_creates_one_project_and_an_unchanged_project_answers_304() -> None:
    key = str(uuid.uuid4())
    with demo() as market:
        first = market.post_project(PROJECT, idempotency_key=key)
        assert market.post_project(PROJECT, idempotency_key=key)["id"] == first["id"]
        read = market.get_project(first["id"])
        with pytest.raises(ProblemError, match="not_modified"):
            market.get_project(first["id"], if_none_match=etag_of(read))
        closed = market.patch_project(first["id"], {"status": "closed"}, if_match=etag_of(read))
        assert closed["status"] == "closed"


def test_an_iterator_reads_every_freelancer_over_many_pages() -> None:
    async def ids() -> set[str]:
        async with AsyncPairwork(URL) as market:
            return {freelancer["id"] async for freelancer in market.iter_freelancers(limit=37)}

    with Pairwork(URL) as market:
        blocking = {freelancer["id"] for freelancer in market.iter_freelancers(limit=41)}
    assert len(blocking) >= 200
    assert asyncio.run(ids()) == blocking


def test_wrong_fields_come_with_their_pointers() -> None:
    with demo() as market, pytest.raises(ProblemError) as caught:
        market.post_project({**PROJECT, "skills": ["Rust", "x" * 51]})
    error = caught.value
    assert (error.status, error.code) == (422, "validation_failed")
    assert [(one["pointer"], one["code"]) for one in error.errors] == [("/skills/1", "too_long")]
    assert error.request_id


def test_a_wrong_token_is_refused_or_renewed() -> None:
    with pytest.raises(ProblemError, match="401 unauthorized"):
        Pairwork(URL, token="x").get_my_account()
    with Pairwork(URL, token="x", email=DEMO[0], password=DEMO[1]) as market:
        assert market.get_my_account()["email"] == DEMO[0]
