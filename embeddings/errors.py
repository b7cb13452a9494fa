"""What the embeddings raise on purpose.

EmbeddingError
├── ModelNotFound       no sentence-transformers model at that path or name
├── ModelDamaged        the model's weights are not the ones that were promised
├── NotCompilable       the model can't be compiled faithfully; it runs in torch instead
└── CompiledFormDamaged a compiled form on disk is not the one that was written
"""

from __future__ import annotations


class EmbeddingError(Exception):
    """The message says what was got, what was expected and what to do."""


class ModelNotFound(EmbeddingError):
    """No model at that path or by that name."""


class ModelDamaged(EmbeddingError):
    """The weights on disk are not the official ones."""


class NotCompilable(EmbeddingError):
    """The model has a part that the compiled encoder does not honour, or failed its parity test."""


class CompiledFormDamaged(EmbeddingError):
    """A compiled form's files are missing, changed or of another layout; it can be made again."""
