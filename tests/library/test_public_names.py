"""What the package offers is what it says: the names of `qa`, and the commands of the README."""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import re
import subprocess
import sys
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import qa
from qa.cli.main import COMMANDS, build_parser

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
# A line of a code block, or a stretch of code in a sentence, that begins with the command.
_COMMAND_LINE = re.compile(r"(?:^|`|&& )\s*(?:\$ )?qa ([a-z]+)([^`\n&|#]*)", re.MULTILINE)
_OPTION = re.compile(r"(?<!\S)--[a-z][a-z-]*")


def type_checked_names(module: str = "qa") -> dict[str, object]:
    """Return what a module imports for type checkers only, from under `if TYPE_CHECKING`."""
    tree = ast.parse(Path(sys.modules[module].__file__ or "").read_text(encoding="utf-8"))
    found = {}
    for block in (node for node in tree.body if isinstance(node, ast.If)):
        if ast.unparse(block.test) == "TYPE_CHECKING":
            for node in ast.walk(block):
                if isinstance(node, ast.ImportFrom):
                    home = importlib.import_module(node.module or "")
                    found |= {one.asname or one.name: getattr(home, one.name) for one in node.names}
    return found


def named_types(hint: object) -> Iterator[type]:
    """Return each class of Citewell's own that an annotation names."""
    for part in typing.get_args(hint):
        yield from (
            named
            for one in (part if isinstance(part, list) else [part])
            for named in named_types(one)
        )
    if isinstance(hint, type) and hint.__module__.split(".")[0] in ("qa", "embeddings"):
        yield hint


def annotations(public: object) -> Iterator[object]:
    """Return the annotations of a function, or of a class's public attributes and methods."""
    if inspect.isfunction(public):
        scope = {**vars(sys.modules[public.__module__]), **type_checked_names(public.__module__)}
        yield from typing.get_type_hints(public, scope).values()
    elif isinstance(public, property):
        yield from annotations(public.fget)
    elif isinstance(public, (classmethod, staticmethod)):
        yield from annotations(public.__func__)
    elif isinstance(public, type) and public.__module__.split(".")[0] in ("qa", "embeddings"):
        scope = {**vars(sys.modules[public.__module__]), **type_checked_names(public.__module__)}
        for name, hint in inspect.get_annotations(public).items():
            if not name.startswith("_"):
                yield eval(hint, scope) if isinstance(hint, str) else hint
        for name, member in vars(public).items():
            if not name.startswith("_"):
                yield from annotations(member)
        for base in public.__bases__:
            yield from annotations(base)


def reached(roots: Iterable[object]) -> dict[type, str]:
    """Return every type that the annotations of the roots name, and those that they name in turn,
    each with the name of what led to it."""
    todo, found = list(roots), {}
    while todo:
        public = todo.pop()
        for hint in annotations(public):
            for named in named_types(hint):
                if named not in found:
                    found[named] = getattr(public, "__qualname__", "")
                    todo.append(named)
    return found


def parsers(words: tuple[str, ...] = ()) -> dict[str, argparse.ArgumentParser]:
    """Each command's own parser."""
    parser = build_parser(words)
    (group,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    return dict(group.choices)


def test_every_public_name_is_there_and_nothing_else() -> None:
    assert qa.__all__ == sorted(set(qa.__all__))
    assert dir(qa) == qa.__all__
    for name in qa.__all__:
        assert getattr(qa, name) is not None
    starred: dict[str, object] = {}
    exec("from qa import *", starred)
    assert set(starred) - {"__builtins__"} == set(qa.__all__)


def test_type_checkers_see_the_same_names() -> None:
    seen = type_checked_names()
    assert set(seen) == set(qa.__all__)
    for name, what in seen.items():
        assert getattr(qa, name) is what, name


def test_every_type_that_the_library_takes_or_returns_is_public() -> None:
    found = reached([qa.Library, qa.open, qa.rebuild])
    assert {qa.Answer, qa.Quote, qa.Drift, qa.CheckedQuotation, qa.Encoder} <= set(found)
    missing = {
        f"{one.__module__}.{one.__name__}, of {where}"
        for one, where in found.items()
        if getattr(qa, one.__name__, None) is not one
    }
    assert not missing


def test_every_error_that_a_docstring_names_is_public() -> None:
    documented = [qa.open, qa.rebuild, *(one for one in vars(qa.Library).values())]
    named = {
        name
        for one in documented
        for told in re.findall(r"Raises ([^.]*)\.", inspect.getdoc(one) or "")
        for name in re.findall(r"\b[A-Z][a-z]+[A-Z]\w+", told)
    } - {"ValueError"}
    assert {"LibraryMissing", "UnknownSource", "EmbeddingError"} <= named
    for name in named:
        assert issubclass(getattr(qa, name), Exception), name


def test_importing_the_package_imports_none_of_its_parts() -> None:
    code = (
        "import sys, qa; dir(qa); print([name for name in sys.modules if name.startswith('qa.')])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    assert ran.stdout.strip() == "[]"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'qa' has no attribute 'ansewr'"):
        _ = qa.ansewr


def test_every_command_has_a_line_of_help() -> None:
    listed = build_parser().format_help()
    for name in parsers():
        assert re.search(rf"^    {name}(?: +|\n {{8,}})\S", listed, re.MULTILINE), name


@pytest.mark.parametrize("name", sorted(command.name for command in COMMANDS))
def test_every_command_can_be_loaded(name: str) -> None:
    assert "--json" in parsers((name,))[name].format_help()


def readme_commands() -> list[tuple[str, tuple[str, ...]]]:
    """Each command that the README shows, with its options."""
    if not README.exists():
        pytest.skip("there is no README.md yet")
    lines = _COMMAND_LINE.findall(README.read_text(encoding="utf-8"))
    return [(name, tuple(_OPTION.findall(rest))) for name, rest in lines]


def test_every_command_of_the_readme_exists_with_its_options() -> None:
    known = parsers()
    for name, options in readme_commands():
        assert name in known, f"README.md names `qa {name}`, which does not exist"
        own = parsers((name,))[name].format_help()
        for option in options:
            assert re.search(rf"{option}(?![a-z-])", own), f"qa {name} has no {option}"


def test_every_command_is_in_the_readme() -> None:
    named = {name for name, _ in readme_commands()}
    assert set(parsers()) - named == set()


def test_the_reading_of_the_readme_would_catch_a_wrong_command() -> None:
    text = (
        'Use `qa fetch --all x` or:\n\n    qa add F && qa ask --json "qa is short"\n$ qa show F\n'
    )
    assert _COMMAND_LINE.findall(text) == [
        ("fetch", " --all x"),
        ("add", " F "),
        ("ask", ' --json "qa is short"'),
        ("show", " F"),
    ]
