"""Plain data on standard output, as one JSON object that a terminal can show as well."""

from __future__ import annotations

import json

from qa.safe_text import safe_json


def print_json(data: object) -> None:
    """Print it as JSON.

    What could move the cursor or reorder a line is escaped, as JSON itself does with C0
    controls only: whoever parses it gets the exact text, whoever looks at it is not fooled.
    """
    print(safe_json(json.dumps(data, ensure_ascii=False, indent=2)))
