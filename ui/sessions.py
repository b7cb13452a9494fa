"""Who is logged in, and how often somebody may try: kept in memory, gone with the process."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

COOKIE = "citewell_session"
LIFETIME_SECONDS = 12 * 3600
LOCAL_PERSON = "local"
_MOST_SESSIONS = 10_000
_MOST_ADDRESSES = 10_000


@dataclass(frozen=True, slots=True)
class _Session:
    person: str
    expires: float


class Sessions:
    """Random tokens that stand for people. Without a login everybody is LOCAL_PERSON."""

    def __init__(self, *, login: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self.login = login
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: OrderedDict[str, _Session] = OrderedDict()

    def begin(self, person: str) -> str:
        """Return a new token for a person who has just given the password."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions[token] = _Session(person, self._clock() + LIFETIME_SECONDS)
            while len(self._sessions) > _MOST_SESSIONS:
                self._sessions.popitem(last=False)
        return token

    def end(self, token: str) -> None:
        """Forget a token."""
        with self._lock:
            self._sessions.pop(token, None)

    def person(self, cookies: Mapping[str, str]) -> str | None:
        """Return who sent those cookies, None if a login is required and there is none."""
        if not self.login:
            return LOCAL_PERSON
        with self._lock:
            session = self._sessions.get(cookies.get(COOKIE, ""))
        if session is None or session.expires < self._clock():
            return None
        return session.person


class Attempts:
    """A token bucket for each address or name: `burst` tries, then one every `seconds`."""

    def __init__(
        self,
        burst: int = 5,
        seconds: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = burst
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, *keys: str) -> float:
        """Count one try for each key; return the seconds to wait if there were too many, else 0."""
        with self._lock:
            waits = [self._take(key) for key in keys]
        return max(waits, default=0.0)

    def _take(self, key: str) -> float:
        now = self._clock()
        tokens, at = self._left.pop(key, (float(self._burst), now))
        tokens = min(self._burst, tokens + (now - at) / self._seconds)
        allowed = tokens >= 1
        self._left[key] = (tokens - 1 if allowed else tokens, now)
        while len(self._left) > _MOST_ADDRESSES:
            self._left.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) * self._seconds
