"""The direction of imports: downwards only, and heavy libraries in one adapter each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("qa", "embeddings", "ui")

# Which of the project's own modules each part may import, by prefix. A stage knows records,
# errors, settings and what is below it; never another stage's neighbour or the facade.
LOW = ("qa.records", "qa.errors", "qa.settings")
ALLOWED: dict[str, tuple[str, ...]] = {
    "embeddings": ("embeddings",),
    "qa.records": (),
    "qa.errors": (),
    "qa.settings": LOW,
    "qa.reading": (*LOW, "qa.reading", "qa.structure.dates"),
    "qa.structure": (*LOW, "qa.structure", "qa.reading.lines"),
    "qa.library": (*LOW, "qa.library", "qa.reading.lines", "embeddings"),
    "qa.search": (*LOW, "qa.search", "qa.library", "qa.structure", "embeddings"),
    "qa.answering": (
        *LOW,
        *("qa.answering", "qa.search", "qa.library", "qa.reading.lines", "embeddings"),
    ),
    "qa.evaluation": ("qa", "embeddings"),
    "qa.checking.citing_command": ("qa",),
    "qa.finding.command": ("qa",),
    "qa.keeping.command": ("qa",),
    "qa.finding": (
        *LOW,
        *("qa.finding", "qa.search", "qa.library", "qa.answering", "qa.structure"),
        *("qa.reading.lines", "embeddings"),
    ),
    "qa.checking": (
        *LOW,
        *("qa.checking", "qa.search", "qa.library", "qa.structure", "qa.reading"),
        "qa.terminal.safe_text",
    ),
    "qa.correcting.command": ("qa",),
    "qa.correcting": (*LOW, "qa.correcting", "qa.search", "qa.library", "qa.structure"),
    "qa.programs.command": ("qa",),
    "qa.programs": ("qa", "embeddings.errors"),
    "qa.sample": LOW,
    "qa.keeping": (*LOW, "qa.keeping"),
    "qa.export": (*LOW, "qa.export", "qa.keeping", "qa.answering"),
    "ui": ("ui", "qa", "embeddings.errors", "embeddings.encoder"),
}
# The only modules that may import each heavy library.
ADAPTERS: dict[str, tuple[str, ...]] = {
    "faiss": ("embeddings.vector_index", "embeddings.product_codes"),
    "sentence_transformers": ("embeddings.sentence_encoder",),
    "torch": ("embeddings.sentence_encoder", "embeddings.compiling"),
    "openvino": (
        "embeddings.compiled_encoder",
        "embeddings.compiling",
        "embeddings.graph_rewriting",
    ),
    "gradio": ("ui",),
    "sqlite3": ("qa.library", "qa.keeping"),
    "ir_measures": ("qa.evaluation.retrieval",),
    "selectolax": ("qa.reading",),
    "markdown_it": ("qa.reading",),
    "rich": ("qa.terminal",),
    "mcp": ("qa.programs.mcp_server",),
    "mcp_types": ("qa.programs.mcp_server",),
}


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts).removesuffix(".__init__"), path


def imported(path: Path) -> Iterator[str]:
    """Absolute names of all that a module imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


@pytest.mark.parametrize(("module", "path"), list(modules()))
def test_imports_point_downwards(module: str, path: Path) -> None:
    rules = [rule for prefix, rule in ALLOWED.items() if within(module, (prefix,))]
    for name in imported(path):
        if rules and name.split(".")[0] in PACKAGES:
            assert within(name, rules[0]), f"{module} must not import {name}"


@pytest.mark.parametrize(("module", "path"), list(modules()))
def test_heavy_libraries_have_one_adapter(module: str, path: Path) -> None:
    for name in imported(path):
        adapters = ADAPTERS.get(name.split(".")[0])
        if adapters is not None:
            assert within(module, adapters), f"{module} must not import {name}"


def test_the_rules_would_catch_a_wrong_import(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("def f():\n    from qa.assistant import Library\n", encoding="utf-8")
    assert list(imported(wrong)) == ["qa.assistant.Library"]
    assert not within("qa.assistant.Library", ALLOWED["qa.search"])
