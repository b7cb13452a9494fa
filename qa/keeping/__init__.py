"""What people keep beside the library: conversations, pinned quotes and feedback, per person."""

from __future__ import annotations

from qa.keeping.records import Conversation, Exchange, Feedback, FeedbackKind, Pin
from qa.keeping.store import Keeping

__all__ = ["Conversation", "Exchange", "Feedback", "FeedbackKind", "Keeping", "Pin"]
