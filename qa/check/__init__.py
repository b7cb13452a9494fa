"""Check quotations against the sources: draft → Quotations → Matches → Attribution → Report."""
