"""Files → a library. VERSIONS are those of the rules that it is made with: where one has changed a
library must be rebuilt."""

from __future__ import annotations

from qa.language.tokens import TOKENS_VERSION
from qa.store.records import Versions
from qa.structure import STRUCTURE_VERSION

VERSIONS = Versions(tokens=TOKENS_VERSION, structure=STRUCTURE_VERSION)
