"""Indexes of passages, by vectors and by words, all derived from a library."""
