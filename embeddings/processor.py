"""What this processor computes in, from what the operating system says. Imports no library."""

from __future__ import annotations

import hashlib
import platform
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")
_FLAG_LINES = ("flags", "features")
_BFLOAT16_FLAGS = frozenset({"amx_bf16", "avx512_bf16"})


def processor_flags(cpuinfo: Path = _CPUINFO) -> frozenset[str] | None:
    """The instruction set extensions of the first core, or None where the system lists none."""
    try:
        with cpuinfo.open(encoding="utf-8", errors="replace") as lines:
            # The first core speaks for all: reading on costs milliseconds on large machines.
            for line in lines:
                name, _, flags = line.partition(":")
                if name.strip().lower() in _FLAG_LINES:
                    return frozenset(flags.split())
    except OSError:
        return None
    return None


def multiplies_bfloat16(flags: frozenset[str] | None) -> bool | None:
    """Whether bfloat16 products run in hardware (AMX or AVX512-BF16); None if that isn't known."""
    return None if flags is None else bool(flags & _BFLOAT16_FLAGS)


def processor_fingerprint(flags: frozenset[str] | None) -> str:
    """16 hexadecimal digits that differ between processors of different instruction sets."""
    words = [platform.system(), platform.machine(), *sorted(flags or ())]
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]
