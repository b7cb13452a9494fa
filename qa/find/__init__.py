"""Exact search: every place where words stand in the stored texts, counted completely."""
