"""The library: a protocol, the kinds that keep to it, and caches that wrap any of them."""
