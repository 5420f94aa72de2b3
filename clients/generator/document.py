"""Reads the operations of the OpenAPI document. Refuses constructs that the clients have no code for."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).resolve().parents[2] / "infra" / "openapi.json"
METHODS = ("get", "put", "post", "delete", "patch")
IDEMPOTENCY_KEY = "Idempotency-Key"


class UnsupportedError(Exception):
    """The document uses a construct that `clients/generator` does not know."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of the path, the query or a header, under the name that it has on the wire."""

    name: str
    schema: dict[str, Any]
    required: bool
    description: str

    @property
    def snake(self) -> str:
        """The name in snake_case: `If-Match` is `if_match`."""
        return self.name.lower().replace("-", "_")


@dataclass(frozen=True)
class Operation:
    """One operation: everything that a method needs to send it."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    path_parameters: list[Parameter]
    query: list[Parameter]
    headers: list[Parameter]
    body: str | None
    result: str | None
    may_be_empty: bool
    """Whether a successful answer may have no body although others have one."""
    item: str | None
    """The schema of the items, if the operation lists pages behind a cursor."""
    sign_in: bool

    @property
    def options(self) -> list[Parameter]:
        """The parameters that a caller gives by name: required ones first."""
        return sorted(self.query + self.headers, key=lambda parameter: not parameter.required)

    @property
    def iterator_id(self) -> str:
        """The name of the iterator beside a listing operation: `list_projects` has `iter_projects`."""
        return "iter_" + self.id.removeprefix("list_")


def camel(snake: str) -> str:
    """`list_my_matches` is `listMyMatches`."""
    return re.sub(r"_(\w)", lambda match: match[1].upper(), snake)


def schema_name(schema: dict[str, Any], where: str) -> str:
    """The name that a `$ref` points to."""
    prefix = "#/components/schemas/"
    reference = str(schema.get("$ref", ""))
    if not reference.startswith(prefix):
        raise UnsupportedError(f"{where}: the schema must be a reference to {prefix}…")
    return reference.removeprefix(prefix)


def read_operations(document: dict[str, Any]) -> list[Operation]:
    """All operations, in the order of the document."""
    operations = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method not in METHODS:
                raise UnsupportedError(f"{path}: {method}")
            if _leads_a_browser(operation):
                continue
            operations.append(_read_operation(document, path, method, operation))
    return operations


def _leads_a_browser(operation: dict[str, Any]) -> bool:
    """Whether the operation only sends a browser elsewhere. No program calls it."""
    good = {status[0] for status in operation["responses"]} - {"4", "5"}
    return good == {"3"}


def _read_operation(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Operation:
    where = f"{method.upper()} {path}"
    places: dict[str, list[Parameter]] = {"path": [], "query": [], "header": []}
    for parameter in operation.get("parameters", []):
        if parameter.get("in") not in places:
            raise UnsupportedError(f"{where}: parameter {parameter}")
        places[parameter["in"]].append(
            Parameter(
                parameter["name"],
                parameter["schema"],
                parameter.get("required", False),
                parameter.get("description", ""),
            )
        )
    if re.findall(r"{(\w+)}", path) != [parameter.name for parameter in places["path"]]:
        raise UnsupportedError(f"{where}: the path parameters must be declared in the order of the path")
    result, may_be_empty = _result(operation, where)
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        path_parameters=places["path"],
        query=places["query"],
        headers=places["header"],
        body=_body(operation, where),
        result=result,
        may_be_empty=may_be_empty,
        item=_item(document, places["query"], result, where),
        sign_in=bool(operation.get("security", document.get("security"))),
    )


def _body(operation: dict[str, Any], where: str) -> str | None:
    body = operation.get("requestBody")
    if body is None:
        return None
    if "application/json" not in body["content"] or not body.get("required"):
        raise UnsupportedError(f"{where}: the body must be required and JSON")
    return schema_name(body["content"]["application/json"]["schema"], where)


def _result(operation: dict[str, Any], where: str) -> tuple[str | None, bool]:
    """The schema of the successful answers, and whether some of them have no body."""
    names: set[str | None] = set()
    for status, response in operation["responses"].items():
        if not status.startswith("2"):
            continue
        content = response.get("content")
        if content and list(content) != ["application/json"]:
            raise UnsupportedError(f"{where}: the answer {status} must be JSON")
        names.add(schema_name(content["application/json"]["schema"], where) if content else None)
    schemas = names - {None}
    if len(schemas) > 1 or not names:
        raise UnsupportedError(f"{where}: the successful answers must share one schema, not {names}")
    return (schemas.pop() if schemas else None), len(names) > 1


def _item(document: dict[str, Any], query: list[Parameter], result: str | None, where: str) -> str | None:
    if "cursor" not in [parameter.name for parameter in query]:
        return None
    properties = document["components"]["schemas"].get(result, {}).get("properties", {})
    # A document in parts, such as the export, is no list.
    if "next_cursor" in properties and "items" not in properties:
        return None
    if not {"items", "next_cursor"} <= properties.keys():
        raise UnsupportedError(f"{where}: an operation with a cursor must answer with items and next_cursor")
    return schema_name(properties["items"]["items"], where)


def load(path: Path = DOCUMENT) -> dict[str, Any]:
    """The document as JSON."""
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document
