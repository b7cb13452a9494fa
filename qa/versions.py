"""The versions of the rules that a library is made with; it must be rebuilt when one changes."""

from __future__ import annotations

from qa.language.tokens import TOKENS_VERSION
from qa.store.records import Versions
from qa.structure import STRUCTURE_VERSION

VERSIONS = Versions(tokens=TOKENS_VERSION, structure=STRUCTURE_VERSION)
