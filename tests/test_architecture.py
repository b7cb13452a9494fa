"""The direction of imports: downwards only, and heavy libraries in one adapter each."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("qa", "embeddings", "ui")

# The house from its ground to its roof. A part imports only from parts that stand on a line above
# its own here, and never from another on the same line.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("qa.errors", "qa.records", "qa.safe_text", "embeddings"),
    ("qa.locating",),
    ("qa.settings", "qa.as_data", "qa.language", "qa.sample"),
    ("qa.in_words", "qa.readers", "qa.structure", "qa.anchoring"),
    ("qa.corrections", "qa.notebook"),
    ("qa.store",),
    ("qa.index",),
    ("qa.search",),
    ("qa.answer",),
    ("qa.find", "qa.check", "qa.export"),
    ("qa.ingest",),
    ("qa.evaluate", "qa.session"),
    ("qa.library",),
    ("qa",),
    ("qa.api",),
    ("ui",),
    ("qa.cli",),
)
# The only modules that may import each heavy library.
ADAPTERS: dict[str, tuple[str, ...]] = {
    "faiss": ("qa.index.exact", "qa.index.product_codes"),
    "sentence_transformers": ("embeddings.sentence_encoder",),
    "torch": ("embeddings.sentence_encoder", "embeddings.compiling"),
    "openvino": (
        "embeddings.compiled_encoder",
        "embeddings.compiling",
        "embeddings.graph_rewriting",
    ),
    "gradio": ("ui",),
    "sqlite3": ("qa.store.sqlite",),
    "ir_measures": ("qa.evaluate.measures",),
    "selectolax": ("qa.readers",),
    "markdown_it": ("qa.readers",),
    "rich": ("qa.cli.output",),
    "mcp": ("qa.api.mcp_server",),
    "mcp_types": ("qa.api.mcp_server",),
}


# The modules whose `__all__` is public: what the page may import.
PUBLIC = ("qa", "qa.api", "qa.export")


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


def floor(name: str) -> tuple[int, str]:
    """How high a module stands, and the part of the house it belongs to."""
    for part in (".".join(name.split(".")[:2]), name.split(".")[0]):
        for height, parts in enumerate(FLOORS):
            if part in parts:
                return height, part
    raise AssertionError(f"{name} stands on no floor: add its part to FLOORS")


def is_upward(module: str, name: str) -> bool:
    (height, part), (target, other) = floor(module), floor(name)
    return part != other and target >= height


@pytest.mark.parametrize(("module", "path"), list(modules()))
def test_imports_point_downwards(module: str, path: Path) -> None:
    if module in ("qa", "qa.__main__"):
        return  # the front door names what stands behind it, and the command line
    for name in imported(path):
        if name.split(".")[0] in PACKAGES:
            assert not is_upward(module, name), f"{module} must not import {name}"


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports inside functions and those for types alone count too."""
    known = dict(modules())
    graph: dict[str, set[str]] = {}
    for module, path in known.items():
        if module == "qa":
            continue
        targets = (
            next((n for n in (x, x.rpartition(".")[0]) if n in known), None) for x in imported(path)
        )
        graph[module] = {target for target in targets if target not in (None, "qa", module)}
    while leaves := [module for module, targets in graph.items() if not targets & graph.keys()]:
        for module in leaves:
            del graph[module]
    assert not graph, f"a circle among {sorted(graph)}"


@pytest.mark.parametrize(("module", "path"), list(modules()))
def test_heavy_libraries_have_one_adapter(module: str, path: Path) -> None:
    for name in imported(path):
        adapters = ADAPTERS.get(name.split(".")[0])
        if adapters is not None:
            assert within(module, adapters), f"{module} must not import {name}"


@pytest.mark.parametrize(
    ("module", "path"), [(name, path) for name, path in modules() if name.split(".")[0] == "ui"]
)
def test_the_page_imports_public_names_alone(module: str, path: Path) -> None:
    assert not list(private_names(path)), f"{module} imports what is not public"


def private_names(path: Path) -> Iterator[str]:
    """What a module imports of the packages below beside the names that their `__all__` has."""
    for name in imported(path):
        home, _, last = name.rpartition(".")
        if name.split(".")[0] in ("qa", "embeddings") and name != "qa":
            public = home in PUBLIC and last in importlib.import_module(home).__all__
            if not public:
                yield name


def test_the_rules_would_catch_a_private_name(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "import qa\nimport qa.records\nfrom qa import Quote, importlib\n"
        "from qa.api import Calls, names\nfrom qa.records import Answer\n",
        encoding="utf-8",
    )
    assert list(private_names(wrong)) == [
        "qa.records",
        "qa.importlib",
        "qa.api.names",
        "qa.records.Answer",
    ]


def test_the_rules_would_catch_a_wrong_import(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("def f():\n    from qa.library import Library\n", encoding="utf-8")
    assert list(imported(wrong)) == ["qa.library.Library"]
    assert is_upward("qa.search.searcher", "qa.library.Library")
    assert is_upward("qa.readers.formats", "qa.structure.lines")
    assert not is_upward("qa.search.searcher", "qa.language.tokens")
