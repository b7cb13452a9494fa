"""Type checkers see the public API through the README's install, from any folder."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"
# The types of the API need none of these, which take a type checker most of its time.
CONFIGURATION = """
[mypy]
strict = true
[mypy-numpy.*,torch.*,nupunkt.*,tokenizers.*]
follow_imports = skip
follow_imports_for_stubs = true
"""
WRONG = """
    print(quote.citation.speeker)
    qa.opne("my-library")
    library.ask(question=1)
"""


def test_the_snippet_of_the_readme_is_well_typed_and_errors_in_it_are_seen(tmp_path: Path) -> None:
    try:
        importlib.metadata.version("citewell")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("citewell is not installed: `pip install --no-deps -e .`")
    (code,) = re.findall(r"^```python\n(.*?)^```", README.read_text("utf-8"), re.M | re.S)
    (tmp_path / "right.py").write_text(code, encoding="utf-8")
    (tmp_path / "wrong.py").write_text(code + WRONG, encoding="utf-8")
    (tmp_path / "mypy.ini").write_text(CONFIGURATION, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", "right.py", "wrong.py"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        encoding="utf-8",
    )
    assert not ran.stderr
    lines = ran.stdout.splitlines()
    found = [re.fullmatch(r"(\w+)\.py:\d+: error: .*\[([a-z-]+)\]", line) for line in lines]
    assert [one and one.groups() for one in found] == [
        ("wrong", "attr-defined"),
        ("wrong", "attr-defined"),
        ("wrong", "arg-type"),
    ], ran.stdout
