"""A library in one SQLite file, the truth that every index is made from."""
