import asyncio
import threading

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from frontline.limits import TooManyError
from handoff.passwords import MOST_WAITING, Passwords
from tests.handoff.login.conftest import LIGHT


async def test_what_is_kept_is_argon2id_with_the_effort_of_rfc_9106() -> None:
    passwords = Passwords()
    kept = await passwords.hash("correct horse battery")
    effort = extract_parameters(kept)
    assert (effort.type, effort.time_cost, effort.memory_cost) == (Type.ID, 3, 65536)
    assert await passwords.matches("correct horse battery", kept)
    assert not await passwords.matches("correct horse batterz", kept)
    assert not await passwords.matches("correct horse battery", None)
    assert not passwords.outdated(kept)
    passwords.close()


async def test_hashing_happens_beside_the_loop_and_within_bounds() -> None:
    may_go, begun = threading.Event(), threading.Event()

    class Slow(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
            begun.set()
            may_go.wait(10)
            return super().verify(hash, password)  # type: ignore[return-value]

    passwords = Passwords(Slow(**LIGHT))
    kept = await passwords.hash("correct horse battery")
    waiting = [
        asyncio.create_task(passwords.matches("correct horse battery", kept))
        for _ in range(MOST_WAITING)
    ]
    await asyncio.sleep(0)
    with pytest.raises(TooManyError):
        await passwords.matches("correct horse battery", kept)
    assert await asyncio.to_thread(begun.wait, 10)
    may_go.set()
    assert all(await asyncio.gather(*waiting))
    assert await passwords.matches("correct horse battery", kept)
    passwords.close()
