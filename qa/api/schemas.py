"""What a call takes, as a JSON Schema made of its signature, and arguments held to that.

>>> def call(self, words: str, limit: int = 5) -> None: ...
>>> input_schema(call)["required"]
['words']
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints

from qa.errors import InvalidQuery

_SCHEMAS: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    str | None: {"type": ["string", "null"]},
    int | None: {"type": ["integer", "null"]},
    list[str] | None: {"type": ["array", "null"], "items": {"type": "string"}},
}
_KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "null": type(None),
}


def input_schema(call: Callable[..., Any]) -> dict[str, Any]:
    """The JSON Schema of a call's arguments: an object."""
    hints = get_type_hints(call)
    properties: dict[str, Any] = {}
    required = []
    for name, parameter in inspect.signature(call).parameters.items():
        if name == "self":
            continue
        properties[name] = dict(_SCHEMAS[hints[name]])
        if parameter.default is inspect.Parameter.empty:
            required.append(name)
        else:
            properties[name]["default"] = parameter.default
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def described(call: Callable[..., Any]) -> str:
    """What a call does, from its docstring, in paragraphs."""
    paragraphs = inspect.cleandoc(call.__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def held_to(schema: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments, if they are those that a schema of `input_schema` describes.

    Raises InvalidQuery.
    """
    properties = schema["properties"]
    for name in schema["required"]:
        if name not in given:
            raise InvalidQuery(f"{name} is missing")
    for name, value in given.items():
        if name not in properties:
            raise InvalidQuery(f"got {name!r}, expected only {', '.join(properties) or 'nothing'}")
        _fits(name, value, properties[name])
    return dict(given)


def _fits(name: str, value: Any, schema: Mapping[str, Any]) -> None:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(_is(value, kind) for kind in kinds):
        raise InvalidQuery(f"{name} is {type(value).__name__}, expected {' or '.join(kinds)}")
    if isinstance(value, list) and not all(isinstance(item, str) for item in value):
        raise InvalidQuery(f"{name} holds other things than words")


def _is(value: Any, kind: str) -> bool:
    # To Python a truth value is a whole number; to JSON it is not.
    return isinstance(value, _KINDS[kind]) and (kind == "boolean") == isinstance(value, bool)
