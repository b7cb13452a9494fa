"""What several tests share: a second encoder, the corpora."""
