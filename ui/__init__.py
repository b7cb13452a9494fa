"""The web chat: a Gradio page over a library, for one person or for colleagues who log in.

import ui

ui.serve("my-library", port=7860)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ui.serving import RunningServer as RunningServer
    from ui.serving import serve as serve
    from ui.serving import start as start

__all__ = ["RunningServer", "serve", "start"]


def __getattr__(name: str) -> Any:
    """Gradio takes seconds to import, so that it is imported when a page is really served."""
    if name in __all__:
        from ui import serving

        return getattr(serving, name)
    raise AttributeError(f"module 'ui' has no attribute {name!r}")
