"""Text and numbers: encoders, token codes, the vector index. Knows nothing of documents."""
