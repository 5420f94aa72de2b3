"""Writes the operations as methods of a TypeScript class."""

import json
import re
import textwrap
from typing import Any

from document import IDEMPOTENCY_KEY, Operation, Parameter, UnsupportedError, camel, schema_name

WIDTH = 120
PRIMITIVES = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}

HEAD = """\
// Generated from infra/openapi.json by clients/generate. Do not edit.

import {{ type Call, type CallOptions, eachItem, newIdempotencyKey, segment }} from "./call.js";
import type {{
{imports}
}} from "./types.js";

/** The version of the API that this client was generated from. */
export const API_VERSION = {version};

{options}/** One method for each operation of the API. `iter…` methods read every page of a list. */
export abstract class Operations {{
  protected abstract call<T>(call: Call, options: CallOptions): Promise<T>;
"""


def typescript(operations: list[Operation], version: str) -> str:
    """The text of `operations.ts`."""
    methods = [text for operation in operations for text in _methods(operation)]
    body = "\n".join(methods)
    named = {name for operation in operations for name in _names(operation)}
    imports = "\n".join(f"  {name}," for name in sorted(named))
    options = "".join(_options(operation) for operation in operations if operation.options)
    return HEAD.format(imports=imports, version=json.dumps(version), options=options) + "\n" + body + "}\n"


def _names(operation: Operation) -> list[str]:
    named = [operation.body, operation.result, operation.item]
    named += [_type(parameter.schema) for parameter in operation.options if "$ref" in parameter.schema]
    return [name for name in named if name]


def _methods(operation: Operation) -> list[str]:
    methods = [_method(operation)]
    if operation.item:
        methods.append(_iterator(operation))
    return methods


def _method(operation: Operation) -> str:
    result = operation.result or "undefined"
    if operation.may_be_empty:
        result += " | undefined"
    path = re.sub(r"{(\w+)}", lambda match: "${segment(" + camel(match[1]) + ")}", operation.path)
    quote = "`" if operation.path_parameters else '"'
    members = [
        f'method: "{operation.method}"',
        f"path: {quote}{path}{quote}",
        f"signIn: {json.dumps(operation.sign_in)}",
    ]
    for kind, parameters in (("query", operation.query), ("headers", operation.headers)):
        if parameters:
            members.append(
                f"{kind}: {{\n" + "".join(f"          {_member(one)},\n" for one in parameters) + "        }"
            )
    if operation.body:
        members.append("body")
    call = "".join(f"        {member},\n" for member in members)
    comment = _comment("\n\n".join(filter(None, [operation.summary + ".", operation.description])), "  ")
    return (
        f"{comment}"
        f"  {camel(operation.id)}({_arguments(operation)}): Promise<{result}> {{\n"
        f"    return this.call<{result}>(\n      {{\n{call}      }},\n      options,\n    );\n  }}\n"
    )


def _iterator(operation: Operation) -> str:
    positional = "".join(camel(parameter.snake) + ", " for parameter in operation.path_parameters)
    name = camel(operation.id)
    return (
        f"  /** Every item of `{name}`. Reads a page when the loop asks for it; `limit` is its size. */\n"
        f"  {camel(operation.iterator_id)}({_arguments(operation)}): AsyncGenerator<{operation.item}, void, void> {{\n"
        f"    const read = (cursor: string | undefined) => this.{name}({positional}{{ ...options, cursor }});\n"
        "    return eachItem(read, options.cursor);\n  }\n"
    )


def _arguments(operation: Operation) -> str:
    arguments = [f"{camel(parameter.snake)}: string" for parameter in operation.path_parameters]
    if operation.body:
        arguments.append(f"body: {operation.body}")
    kind = _options_name(operation) if operation.options else "CallOptions"
    required = any(parameter.required for parameter in operation.options)
    arguments.append(f"options: {kind}" + ("" if required else " = {}"))
    return ", ".join(arguments)


def _options_name(operation: Operation) -> str:
    name = camel(operation.id)
    return name[0].upper() + name[1:] + "Options"


def _options(operation: Operation) -> str:
    members = "".join(_option(parameter) for parameter in operation.options)
    head = (
        f"/** Options of `{camel(operation.id)}`. */\nexport interface {_options_name(operation)} extends CallOptions"
    )
    return f"{head} {{\n{members}}}\n\n"


def _option(parameter: Parameter) -> str:
    comment = _comment(parameter.description, "  ") if parameter.description else ""
    optional = (":", "") if parameter.required else ("?:", " | undefined")
    return f"{comment}  {camel(parameter.snake)}{optional[0]} {_type(parameter.schema)}{optional[1]};\n"


def _member(parameter: Parameter) -> str:
    value = f"options.{camel(parameter.snake)}"
    if parameter.name == IDEMPOTENCY_KEY:
        value += " ?? newIdempotencyKey()"
    name = parameter.name if parameter.name.isidentifier() else json.dumps(parameter.name)
    return f"{name}: {value}"


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return schema_name(schema, "a parameter")
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if schema.get("type") not in PRIMITIVES:
        raise UnsupportedError(f"a parameter of the schema {schema}")
    return PRIMITIVES[schema["type"]]


def _comment(text: str, indent: str) -> str:
    if len(text) < WIDTH - 10 and "\n" not in text:
        return f"{indent}/** {text} */\n"
    lines = [line for paragraph in text.split("\n\n") for line in ["", *textwrap.wrap(paragraph, WIDTH - 10)]][1:]
    return f"{indent}/**\n" + "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines) + f"{indent} */\n"
