"""Correcting by hand what was found in a source: its documents' titles and dates, who speaks."""
