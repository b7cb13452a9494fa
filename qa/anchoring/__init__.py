"""Saved citations and the finding again of what they cite: pure, knows no library."""
