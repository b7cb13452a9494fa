"""Exact search: find and count every place where words occur in the stored texts."""
