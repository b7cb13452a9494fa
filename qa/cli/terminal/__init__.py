"""What the command line prints: answers, lists, progress. Words to people live here alone."""
