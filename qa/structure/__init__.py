"""Source text → documents → turns → passages.

STRUCTURE_VERSION changes whenever the same text would be divided differently.
"""

STRUCTURE_VERSION = 4
