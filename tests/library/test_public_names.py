"""What the package offers is what it says: the names of `qa`, and the commands of the README."""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest

import qa
from qa.cli.main import FEATURES, build_parser

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
# A line of a code block, or a stretch of code in a sentence, that begins with the command.
_COMMAND_LINE = re.compile(r"(?:^|`|&& )\s*(?:\$ )?qa ([a-z]+)([^`\n&|#]*)", re.MULTILINE)
_OPTION = re.compile(r"(?<!\S)--[a-z][a-z-]*")


def type_checked_names() -> set[str]:
    """The public names as a type checker sees them, from under `if TYPE_CHECKING`."""
    tree = ast.parse(Path(qa.__file__).read_text(encoding="utf-8"))
    found = set()
    for block in (node for node in tree.body if isinstance(node, ast.If)):
        for node in ast.walk(block):
            if isinstance(node, ast.ImportFrom):
                found.update(alias.asname for alias in node.names if alias.asname)
    return found


def parsers(words: tuple[str, ...] = ()) -> dict[str, argparse.ArgumentParser]:
    """Each command's own parser."""
    parser = build_parser(words)
    (group,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    return dict(group.choices)


def test_every_public_name_is_there() -> None:
    assert qa.__all__ == sorted(qa.__all__)
    for name in qa.__all__:
        assert getattr(qa, name).__module__.startswith("qa."), name


def test_type_checkers_see_the_same_names() -> None:
    assert type_checked_names() == set(qa.__all__)


def test_nothing_else_is_public() -> None:
    code = (
        "import qa\n"
        "for name in qa.__all__:\n    getattr(qa, name)\n"
        "found = {}\nexec('from qa import *', found)\n"
        "print(sorted(set(found) - {'__builtins__'}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    assert ran.stdout.strip() == str(sorted(qa.__all__))
    # Beside them the module holds its submodules, and what its own imports bring.
    own = {
        name
        for name, value in vars(qa).items()
        if not name.startswith("_")
        and not isinstance(value, types.ModuleType)
        and getattr(value, "__module__", "typing") not in ("typing", "__future__")
    }
    assert own - {"TYPE_CHECKING", "annotations"} <= set(qa.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'qa' has no attribute 'ansewr'"):
        _ = qa.ansewr


def test_every_command_has_a_line_of_help() -> None:
    listed = build_parser().format_help()
    for name in parsers():
        assert re.search(rf"^    {name}(?: +|\n {{8,}})\S", listed, re.MULTILINE), name


@pytest.mark.parametrize("name", sorted(FEATURES))
def test_every_feature_can_be_loaded(name: str) -> None:
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
