"""What the benchmarks share: the machine in words, alternating rounds, medians, Markdown rows."""

from __future__ import annotations

import importlib.metadata
import multiprocessing
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

# Before anything is measured: the benchmark's own load is no disturbance.
_LOAD = os.getloadavg()[0]
# Threads of torch's pool spin for a fifth of a second after their work, in the next one's way.
_PAUSE = 0.5
# What decides how fast matrices are multiplied.
_TELLING_FLAGS = (
    "avx2",
    "avx512f",
    "avx512_vnni",
    "avx512_bf16",
    "amx_bf16",
    "neon",
    "asimd",
    "bf16",
)


def machine() -> str:
    """The machine in words: processor, cores that may be used, features, memory, load, Python."""
    parts = [_processor_name(), f"{usable_cores()} cores", _features()]
    if memory := _memory_gib():
        parts.append(f"{memory:.0f} GiB")
    parts.append(f"{platform.system()}, Python {platform.python_version()}")
    # A figure taken beside other work is worth little: the reader can see it.
    parts.append(f"load average {_LOAD:.1f} at the start")
    return "; ".join(part for part in parts if part)


def versions(*names: str) -> str:
    """Distributions with the versions that are installed."""
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)


def usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _processor_name() -> str:
    for line in _lines(Path("/proc/cpuinfo")):
        if line.lower().startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _features() -> str:
    for line in _lines(Path("/proc/cpuinfo")):
        if line.lower().startswith(("flags", "features")):
            flags = set(line.partition(":")[2].split())
            return " ".join(flag for flag in _TELLING_FLAGS if flag in flags)
    return ""


def _memory_gib() -> float | None:
    for line in _lines(Path("/proc/meminfo")):
        if line.startswith("MemTotal"):
            return int(line.split()[1]) / 2**20
    return None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def peak_memory_mib() -> float:
    """The most memory that this process has held so far.

    Linux counts `ru_maxrss` on from the process that started this one; VmHWM is its own.
    """
    return _status_mib("VmHWM")


def memory_mib() -> float:
    """What this process holds now; where the system does not say, the most that it has held."""
    return _status_mib("VmRSS")


def _status_mib(field: str) -> float:
    for line in _lines(Path("/proc/self/status")):
        if line.startswith(field):
            return int(line.split()[1]) / 2**10
    return maxrss_mib(resource.getrusage(resource.RUSAGE_SELF))


def maxrss_mib(usage: resource.struct_rusage) -> float:
    """`ru_maxrss`, which is in KiB on Linux and in bytes on macOS."""
    return usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def alternately(
    contestants: Mapping[str, Callable[[], float]], rounds: int, watch: Callable[[str], None]
) -> dict[str, list[float]]:
    """What each contestant measured in each round.

    Within a round all have their turn, and each round begins with another, so that what slows the
    machine down for a while slows all alike. `watch` is told what comes next.
    """
    measured: dict[str, list[float]] = {name: [] for name in contestants}
    names = list(contestants)
    for number in range(rounds):
        for step in range(len(names)):
            name = names[(number + step) % len(names)]
            watch(f"round {number + 1} of {rounds}: {name}")
            time.sleep(_PAUSE)
            measured[name].append(contestants[name]())
    return measured


def apart(function: Callable[..., Any], *arguments: Any) -> Any:
    """What a function gives that is run in a fresh process."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(function, *arguments).result()


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median_ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """The median over rounds of one rate in terms of another that was taken in the same round."""
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not exceeded by `share` of them (nearest rank).

    >>> percentile([4.0, 1.0, 3.0, 2.0], 0.5), percentile([4.0, 1.0, 3.0, 2.0], 0.95)
    (2.0, 4.0)
    """
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def row(*cells: str) -> None:
    """Print one row of a Markdown table, at once."""
    print(f"| {' | '.join(cells)} |", flush=True)


def header(*cells: str) -> None:
    row(*cells)
    row(*["---"] * len(cells))


def tell(message: str) -> None:
    """Say on standard error what is being done: the tables alone go to standard output."""
    print(message, file=sys.stderr, flush=True)
