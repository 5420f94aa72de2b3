"""Compares the clients with the OpenAPI document, read here independently of `clients/generator`."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from conftest import FakeMarket
from fake_market import Answer

from pairwork import API_VERSION, AsyncPairwork, Pairwork
from pairwork.operations import AsyncOperations, Operations

DOCUMENT = json.loads((Path(__file__).resolve().parents[3] / "infra" / "openapi.json").read_text(encoding="utf-8"))
# An operation that only sends a browser elsewhere is for no program.
OPERATIONS = [
    (method.upper(), path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if any(status.startswith("2") for status in operation["responses"])
]
# Its answer is one document in parts, and no list.
IN_PARTS = "export_my_account"


def snake(name: str) -> str:
    """The name of a parameter in Python."""
    return name.lower().replace("-", "_")


@pytest.mark.parametrize("operations", [Operations, AsyncOperations])
def test_the_client_has_every_operation_of_the_document_and_no_other(operations: type) -> None:
    methods = [name for name, _ in inspect.getmembers(operations, inspect.isfunction) if not name.startswith("_")]
    listed = [name for name in methods if not name.startswith("iter_")]
    assert sorted(listed) == sorted(operation["operationId"] for _, _, operation in OPERATIONS)
    paged = [one for *_, one in OPERATIONS if any(each["name"] == "cursor" for each in one.get("parameters", []))]
    pages = [one for one in paged if one["operationId"] != IN_PARTS]
    assert len(paged) == len(pages) + 1
    assert len(methods) - len(listed) == len(pages) >= 5


@pytest.mark.parametrize("awaited", [False, True], ids=["blocking", "awaited"])
@pytest.mark.parametrize(
    ("method", "path", "operation"), OPERATIONS, ids=[one["operationId"] for *_, one in OPERATIONS]
)
def test_an_operation_sends_what_the_document_says(
    fake_market: FakeMarket, method: str, path: str, operation: dict[str, Any], awaited: bool
) -> None:
    market = fake_market(Answer())
    parameters = operation.get("parameters", [])
    ids = [f"the {parameter['name']}" for parameter in parameters if parameter["in"] == "path"]
    named = [parameter for parameter in parameters if parameter["in"] != "path"]
    values = {snake(parameter["name"]): f"value-of-{snake(parameter['name'])}" for parameter in named}
    body = [{"some": "본문"}] if "requestBody" in operation else []
    if awaited:

        async def call() -> None:
            async with AsyncPairwork(market.url, token="one") as pairwork:
                await getattr(pairwork, operation["operationId"])(*ids, *body, **values)

        asyncio.run(call())
    else:
        with Pairwork(market.url, token="one") as pairwork:
            getattr(pairwork, operation["operationId"])(*ids, *body, **values)

    [request] = market.requests
    target = urlsplit(request.target)
    assert (request.method, target.path) == (method, re.sub(r"{(\w+)}", r"the%20\1", path))
    assert request.headers.get("authorization") == ("Bearer one" if operation.get("security") else None)
    assert request.headers.get("content-type") == ("application/json" if body else None)
    assert (json.loads(request.body) if body else request.body) == (body[0] if body else b"")
    assert dict(parse_qsl(target.query)) == {
        parameter["name"]: values[snake(parameter["name"])] for parameter in named if parameter["in"] == "query"
    }
    for parameter in named:
        if parameter["in"] == "header":
            assert request.headers[parameter["name"].lower()] == values[snake(parameter["name"])]


def test_the_package_has_the_version_of_the_document() -> None:
    assert DOCUMENT["info"]["version"] == API_VERSION
    assert DOCUMENT["info"]["version"] == version("pairwork")
