"""Parse `name=value` from the command line into settings or options of `ask`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from qa.errors import CitewellError
from qa.settings import EvidenceSettings, Settings

# What decides how a library is built: to change it would not compare answers alone.
_BUILDING = frozenset({"reading", "ingest"})


@dataclass(frozen=True, slots=True)
class AskOptions:
    """How each question is asked. `limit`: the most quotes; `understand`: read speakers and dates
    out of the question."""

    limit: int = 5
    understand: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to ask a collection, and its name."""

    settings: Settings
    options: AskOptions = AskOptions()
    name: str = "as set"


def override(choice: Choice, given: Iterable[str]) -> Choice:
    """Return the choice with settings changed: each item is `name=value`, or several between
    commas.

    A name is a field of AskOptions, of one of the parts of Settings, or `part.field`. Raises
    CitewellError for an unknown name or a value of another type.
    """
    assignments = [part.strip() for item in given for part in item.split(",") if part.strip()]
    for assignment in assignments:
        name, equals, value = (part.strip() for part in assignment.partition("="))
        if not equals or not value:
            raise CitewellError(f"got {assignment!r}, expected name=value")
        choice = _assigned(choice, name, value)
    return replace(choice, name=", ".join(assignments)) if assignments else choice


def names(settings: Settings) -> list[str]:
    """Return all names that `override` knows, with their values ("search.depth=100")."""
    return [f"{part}.{name}={value}" for part, name, value in _all_options(Choice(settings))]


def _all_options(choice: Choice) -> Iterator[tuple[str, str, Any]]:
    """Yield (part, field, value) of all that can be changed."""
    parts: dict[str, Any] = {"ask": choice.options}
    for field in fields(choice.settings):
        value = _part(choice.settings, field.name)
        if is_dataclass(value) and field.name not in _BUILDING:
            parts[field.name] = value
    for part, record in parts.items():
        for field in fields(record):
            value = getattr(record, field.name)
            if isinstance(value, (bool, int, float)):
                yield part, field.name, value


def _part(settings: Settings, name: str) -> Any:
    """Return one part of the settings; changes to the evidence model change its default."""
    if name == "evidence":
        return settings.evidence or EvidenceSettings()
    return getattr(settings, name)


def _assigned(choice: Choice, name: str, text: str) -> Choice:
    known = list(_all_options(choice))
    fits = [item for item in known if name in (item[1], f"{item[0]}.{item[1]}")]
    if len(fits) != 1:
        all_names = [f"{part}.{field}" for part, field, _ in known]
        near = difflib.get_close_matches(name, [*all_names, *(f for _, f, _ in known)], 3, 0.5)
        which = "several settings are" if fits else "no setting is"
        hint = f"the nearest: {', '.join(near)}" if near else f"known: {', '.join(all_names)}"
        raise CitewellError(f"{which} called {name!r} ({hint})")
    part, field, now = fits[0]
    change: dict[str, Any] = {field: _value(name, text, now)}
    if part == "ask":
        return replace(choice, options=replace(choice.options, **change))
    record = replace(_part(choice.settings, part), **change)
    return replace(choice, settings=replace(choice.settings, **{part: record}))


def _value(name: str, text: str, now: bool | int | float) -> bool | int | float:
    """Return the text as a value of the setting's type."""
    if isinstance(now, bool):
        if text.lower() in ("true", "false"):
            return text.lower() == "true"
        raise CitewellError(f"{name} is {text!r}, expected true or false")
    try:
        return int(text) if isinstance(now, int) else float(text)
    except ValueError as error:
        kind = "a whole number" if isinstance(now, int) else "a number"
        raise CitewellError(f"{name} is {text!r}, expected {kind}") from error
