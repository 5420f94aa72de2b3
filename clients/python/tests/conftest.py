"""Starts a fake market for a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from fake_market import Market, Step

FakeMarket = Callable[..., Market]


@pytest.fixture
def fake_market() -> Iterator[FakeMarket]:
    """Starts a market that gives the steps in turn."""
    with ExitStack() as stack:

        def start(*steps: Step) -> Market:
            return stack.enter_context(Market(list(steps)).running())

        yield start
