"""Restrict what a reading process may do before it reads untrusted files.

Each system offers something else; what it lacks is left out, and the parent's own limits (the
time, the length of an answer) hold everywhere. None of it makes parsers that are written in C
safe to be taken over; it makes what they could do small.
"""

from __future__ import annotations

import os
import struct
import sys
from typing import Any

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_NO_NEW_PRIVILEGES = 38
_LANDLOCK_CREATE, _LANDLOCK_RESTRICT = 444, 446
# Executing, and every way to change the file system: bits 2 and 3 are reading.
_CHANGES = [0, 1, *range(4, 13)]
_REFUSED = frozenset(
    """
    os.remove os.rename os.rmdir os.mkdir os.link os.symlink os.truncate os.chmod os.chown
    os.chflags os.utime os.setxattr os.removexattr os.exec os.fork os.forkpty os.posix_spawn
    os.spawn os.system os.startfile os.kill os.killpg os.putenv os.unsetenv pty.spawn
    subprocess.Popen tempfile.mkstemp tempfile.mkdtemp ctypes.dlopen webbrowser.open
    """.split()
)
_REFUSED_FAMILIES = ("socket.", "shutil.", "urllib.", "http.", "ftplib.", "smtplib.", "winreg.")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def confine(memory_bytes: int) -> None:
    """Limit this process for good. Call it with one thread, after the imports it needs."""
    _limit_resources(memory_bytes)
    if sys.platform == "linux":
        _without_network_or_writing()
    sys.addaudithook(_audit_hook())


def limit_processor_seconds(seconds: int) -> None:
    """Allow so much more processor time; beyond it the system ends the process."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = spent + 1 + seconds
    resource.setrlimit(
        resource.RLIMIT_CPU,
        (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard),
    )


def _limit_resources(memory_bytes: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = {
        "RLIMIT_AS": memory_bytes,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": 64,
    }
    for name, value in limits.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        try:
            resource.setrlimit(kind, (value, value))
        except (OSError, ValueError):
            continue  # macOS refuses some


def _without_network_or_writing() -> None:
    """Enter an empty network namespace, and let Landlock refuse every change of a file."""
    import ctypes

    try:
        system = ctypes.CDLL(None, use_errno=True)
        if system.unshare(_NEW_NET) != 0:
            system.unshare(_NEW_USER | _NEW_NET)
        version = system.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1)
        if version < 1:
            return
        changes = [*_CHANGES, *([13] if version >= 2 else []), *([14] if version >= 3 else [])]
        handled = struct.pack("=Q", sum(1 << bit for bit in changes))
        if version >= 4:
            handled += struct.pack("=Q", 0b11)  # to listen, and to connect
        rules = system.syscall(_LANDLOCK_CREATE, handled, ctypes.c_size_t(len(handled)), 0)
        if rules >= 0:
            system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
            system.syscall(_LANDLOCK_RESTRICT, rules, 0)
            os.close(rules)
    except (OSError, AttributeError, ValueError):
        return


def _audit_hook() -> Any:
    """Return a hook that refuses, from Python code, what no reader needs; files are opened only
    from where Python's own modules are."""
    places = {sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path}
    roots = tuple(os.path.abspath(place) + os.sep for place in places if place)  # noqa: PTH100

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            if (isinstance(mode, str) and not set("wax+").isdisjoint(mode)) or (
                isinstance(flags, int) and flags & _WRITING
            ):
                raise PermissionError(f"a document may not write {path!r}")
            if isinstance(path, (str, bytes)):
                place = os.path.abspath(os.fsdecode(path))  # noqa: PTH100
                if not place.startswith(roots) and place != os.devnull:
                    raise PermissionError(f"a document may not open {place!r}")
        elif event in _REFUSED or event.startswith(_REFUSED_FAMILIES):
            raise PermissionError(f"a document may not call {event}")

    return hook
