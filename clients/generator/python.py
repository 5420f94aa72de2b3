"""Writes the operations as methods of two Python classes: one blocks, one is awaited."""

import json
import keyword
import re
import textwrap
from typing import Any

from document import IDEMPOTENCY_KEY, Operation, Parameter, UnsupportedError, schema_name

WIDTH = 120
PRIMITIVES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}

HEAD = '''\
# Generated from infra/openapi.json by clients/generate. Do not edit.
"""One method for each operation of the API. `iter_…` methods read every page of a list."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from typing import Literal, TypeVar

from . import types
from ._call import Call, new_idempotency_key, segment

API_VERSION = {version}
"""The version of the API that this client was generated from."""

T = TypeVar("T")
'''

SYNC = '''

class Operations:
    """The operations of the API, blocking."""

    def _call(self, call: Call[T]) -> T:
        raise NotImplementedError
'''

ASYNC = '''

class AsyncOperations:
    """The operations of the API, awaited. `Operations` documents each of them."""

    async def _call(self, call: Call[T]) -> T:
        raise NotImplementedError
'''


def python(operations: list[Operation], version: str) -> str:
    """The text of `operations.py`, before ruff removes unused imports and formats it."""
    text = HEAD.format(version=json.dumps(version))
    for head, is_async in ((SYNC, False), (ASYNC, True)):
        text += head
        for operation in operations:
            text += _method(operation, is_async)
            if operation.item:
                text += _iterator(operation, is_async)
    return text


def _method(operation: Operation, is_async: bool) -> str:
    result = f"types.{operation.result}" if operation.result else "None"
    if operation.may_be_empty:
        result += " | None"
    path = re.sub(r"{(\w+)}", lambda match: "{segment(" + match[1] + ")}", operation.path)
    members = [f'"{operation.method}"', ("f" if operation.path_parameters else "") + f'"{path}"']
    if operation.query:
        members.append("query={" + ", ".join(_member(parameter) for parameter in operation.query) + "}")
    if operation.headers:
        members.append("headers={" + ", ".join(_member(parameter) for parameter in operation.headers) + "}")
    if operation.body:
        members.append("body=body")
    if operation.sign_in:
        members.append("sign_in=True")
    members.append("timeout=timeout")
    prefix, wait = ("async ", "await ") if is_async else ("", "")
    return (
        f"\n    {prefix}def {operation.id}(self, {_arguments(operation)}) -> {result}:\n"
        f"{_docstring(operation, short=is_async)}"
        f"        return {wait}self._call(Call[{result}]({', '.join(members)}))\n"
    )


def _iterator(operation: Operation, is_async: bool) -> str:
    given = [f"{_name(parameter)}" for parameter in operation.path_parameters]
    given += [f"{_name(parameter)}={_name(parameter)}" for parameter in operation.options]
    given.append("timeout=timeout")
    prefix, wait = ("async ", "await ") if is_async else ("", "")
    kind, sends = ("AsyncGenerator", ", None") if is_async else ("Iterator", "")
    emit = "for item in page['items']:\n                yield item" if is_async else "yield from page['items']"
    result = f"{kind}[types.{operation.item}{sends}]"
    return (
        f"\n    {prefix}def {operation.iterator_id}(self, {_arguments(operation)}) -> {result}:\n"
        f'        """Every item of `{operation.id}`. Reads a page when the loop asks for it; `limit` is its size."""\n'
        f"        while True:\n"
        f"            page = {wait}self.{operation.id}({', '.join(given)})\n"
        f"            {emit}\n"
        f"            cursor = page['next_cursor']\n"
        f"            if cursor is None:\n"
        f"                return\n"
    )


def _arguments(operation: Operation) -> str:
    arguments = [f"{_name(parameter)}: str" for parameter in operation.path_parameters]
    if operation.body:
        arguments.append(f"body: types.{operation.body}")
    arguments.append("*")
    for parameter in operation.options:
        kind = _type(parameter.schema)
        arguments.append(f"{_name(parameter)}: {kind}" + ("" if parameter.required else " | None = None"))
    arguments.append("timeout: float | None = None")
    return ", ".join(arguments)


def _member(parameter: Parameter) -> str:
    value = _name(parameter)
    if parameter.name == IDEMPOTENCY_KEY:
        value += " or new_idempotency_key()"
    return f'"{parameter.name}": {value}'


def _name(parameter: Parameter) -> str:
    return parameter.snake + ("_" if keyword.iskeyword(parameter.snake) else "")


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return f"types.{schema_name(schema, 'parameter')}"
    if "enum" in schema:
        return f"Literal[{', '.join(json.dumps(value) for value in schema['enum'])}]"
    if schema.get("type") not in PRIMITIVES:
        raise UnsupportedError(f"a parameter of the schema {schema}")
    return PRIMITIVES[schema["type"]]


def _docstring(operation: Operation, short: bool) -> str:
    lines = [operation.summary + "."]
    if not short:
        if operation.description:
            for paragraph in operation.description.split("\n\n"):
                lines += ["", *textwrap.wrap(paragraph, WIDTH - 10)]
        described = [parameter for parameter in operation.options if parameter.description]
        if described:
            lines.append("")
        for parameter in described:
            text = f":param {_name(parameter)}: {parameter.description}"
            lines += textwrap.wrap(text, WIDTH - 10, subsequent_indent="    ")
    if len(lines) == 1:
        return f'        """{lines[0]}"""\n'
    return '        """' + "\n".join(f"        {line}".rstrip() for line in lines).lstrip() + '\n        """\n'
