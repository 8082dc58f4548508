"""STUB for tests of the core; replaced."""
# mypy: ignore-errors
# ruff: noqa

from typing import Any


async def issue(connection: Any, case: Any, receipt: Any, now: Any) -> Any:
    """Stub."""
    raise NotImplementedError
