"""The stages know nothing of terminals: what is printed, and what is typed, is in qa.cli alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

QA = Path(__file__).resolve().parents[2] / "qa"
# Programs of their own: what verifies a pack wherever it is, and the process that reads files.
PROGRAMS = ("check/pack_verifier.py", "readers/sandbox/", "__main__.py", "cli/")


def terminal_uses(tree: ast.AST) -> Iterator[str]:
    """Yield what a module prints with, reads from a terminal, or parses options with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("print", "input"):
                yield node.func.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "sys" and node.attr in ("stdin", "stdout", "stderr", "argv"):
                yield f"sys.{node.attr}"
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name in ("argparse", "rich"))


MODULES = [
    path
    for path in sorted(QA.rglob("*.py"))
    if not path.relative_to(QA).as_posix().startswith(PROGRAMS)
]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(QA).as_posix())
def test_a_stage_neither_prints_nor_reads_what_is_typed(path: Path) -> None:
    assert not list(terminal_uses(ast.parse(path.read_text(encoding="utf-8"))))


def test_the_rule_would_catch_a_stage_that_prints() -> None:
    wrong = "import argparse, sys\nprint(1)\nsys.stdin.read()\n"
    assert list(terminal_uses(ast.parse(wrong))) == ["argparse", "print", "sys.stdin"]
