"""The command line: every command, and all that is printed."""
