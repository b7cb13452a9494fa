"""Read files of every supported format into text with blocks, places and metadata."""
