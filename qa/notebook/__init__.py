"""What people keep beside the library: conversations, pinned quotes and feedback, per person."""
