"""Passwords: what is a good one, and argon2id to keep and check them.

The policy is NIST SP 800-63B's: length counts, composition does not; whatever a password manager
pastes is welcome.
"""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from frontline.errors import RefusedError
from frontline.limits import TooManyError

SHORTEST = 12
LONGEST = 256
"""Characters. More would only make work: an argon2 hash has 32 bytes."""
MOST_WAITING = 32
"""Hashes asked for and not yet begun; more are refused, for each takes about 0.1 s."""

T = TypeVar("T")


class WeakPasswordError(RefusedError):
    """The password is too short, too long or easily guessed."""

    code = "weak_password"


class Passwords:
    """Hashes and checks passwords in threads of its own, so that the loop goes on meanwhile."""

    def __init__(self, hasher: PasswordHasher | None = None, *, threads: int = 2) -> None:
        # Second recommended option of RFC 9106: 64 MiB and 3 passes for each hash.
        self._hasher = hasher or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="password")
        self._waiting = 0
        self._nobody = self._hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        """The password as it may be kept.

        Raises:
            TooManyError: too much to do already.
        """
        octets = _octets(password)
        return await self._run(lambda: self._hasher.hash(octets))

    async def matches(self, password: str, kept: str | None) -> bool:
        """Is it the password that was kept? Takes as long when nothing was, and answers no.

        Raises:
            TooManyError: too much to do already.
        """
        if len(password) > LONGEST:
            return False  # whoever it claims to be: this says nothing about who exists
        octets = _octets(password)
        right = await self._run(lambda: self._verify(kept or self._nobody, octets))
        return right and kept is not None

    def outdated(self, kept: str) -> bool:
        """Was it kept with less effort than is made now?"""
        return self._hasher.check_needs_rehash(kept)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, kept: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= MOST_WAITING:
            raise TooManyError(2)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def check_policy(password: str, login: str) -> None:
    """Is it good enough to be kept?

    Raises:
        WeakPasswordError: it is not; the message says why.
    """
    if len(password) > LONGEST:
        raise WeakPasswordError(f"a password has at most {LONGEST} characters")
    plain = _plain(password)
    if len(plain) < SHORTEST:
        raise WeakPasswordError(f"a password has at least {SHORTEST} characters")
    folded, names = plain.casefold(), {login.casefold(), login.partition("@")[0].casefold()}
    if any(not folded.replace(name, "").strip(" -_.@") for name in names if name):
        raise WeakPasswordError("a password is not the log-in name")
    if len(set(folded)) < 4:
        raise WeakPasswordError("a password has more than three different characters")


def _plain(password: str) -> str:
    """The same letters typed on another system are the same password (SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _octets(password: str) -> bytes:
    """What is hashed; half a surrogate pair, which JSON can hold, is no reason to fail."""
    return _plain(password).encode("utf-8", "surrogatepass")
