"""What people keep beside the library: conversations, pinned quotes and feedback, per person."""

from __future__ import annotations

from qa.notebook.records import Conversation, Exchange, Feedback, FeedbackKind, Pin
from qa.store.sqlite.notebook import Keeping

__all__ = ["Conversation", "Exchange", "Feedback", "FeedbackKind", "Keeping", "Pin"]
