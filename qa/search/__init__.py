"""Search a library: understand the question, gather candidates, rank them."""
