"""Text and numbers: encoders and token codes. Knows nothing of documents."""
