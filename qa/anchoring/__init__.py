"""Save citations and find their words again in changed texts. Pure functions, without a library."""
