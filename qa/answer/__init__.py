"""Answer a question with verbatim quotes of ranked passages, or say that there are none."""
