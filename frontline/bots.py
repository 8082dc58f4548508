"""Talking to running Rasa processes about their models: which one they have, and to take another.

Rasa's HTTP API on loopback; with its token when `RASA_TOKEN` is set.
"""

import asyncio
import http.client
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from frontline.errors import ConflictError, UnavailableError
from frontline.settings import rasa_token

ANSWER_S = 60.0
"""Loading and trying a model takes a second or two, on a busy machine some more."""
BACK_S = 60.0
"""A process that was just killed is started again and answers within this time."""
RETRY_S = 0.2


class ModelRefusedError(ConflictError):
    """The bot tried the model and goes on with its old one; the message says why."""

    code = "model_refused"


async def swap(bots: Sequence[str], model: Path, old: Path | None) -> None:
    """Have every Rasa process take `model`; when one refuses, those before it get `old` again.

    Raises:
        ModelRefusedError: it is not fit; all go on with what they had.
        UnavailableError: a process does not answer.
    """
    for number, url in enumerate(bots):
        try:
            await _take(url, model)
        except (ModelRefusedError, UnavailableError):
            for earlier in bots[:number] if old else ():
                await _take(earlier, old or model)
            raise


async def models_of(bots: Sequence[str]) -> set[str]:
    """File names of the models that the processes have now.

    Raises:
        UnavailableError: a process does not answer.
    """
    found = set()
    for url in bots:
        status, answer = await _ask(url, "GET", "/status")
        if status != 200:
            raise UnavailableError(f"the bot at {url} answers {status} {_reason(answer)}")
        found.add(str(answer.get("model_file")))
    return found


async def _take(url: str, model: Path) -> None:
    status, answer = await _ask(url, "PUT", "/model", {"model_file": str(model)})
    if status == 400:
        raise ModelRefusedError(f"the bot refuses {model.name}: {_reason(answer)}")
    if status != 204:
        raise UnavailableError(f"the bot at {url} answers {status} {_reason(answer)}")


def _reason(answer: dict[str, Any]) -> str:
    return str(answer.get("message") or answer.get("description") or "")


async def _ask(
    url: str, method: str, path: str, body: dict[str, Any] | None = None
) -> tuple[int, dict[str, Any]]:
    """Ask, and again while the process is being started."""
    deadline = time.monotonic() + BACK_S
    while True:
        try:
            return await asyncio.to_thread(_request, url, method, path, body)
        except (OSError, http.client.HTTPException) as error:
            if time.monotonic() > deadline:
                raise UnavailableError(f"the bot at {url} does not answer: {error}") from None
            await asyncio.sleep(RETRY_S)


def _request(
    url: str, method: str, path: str, body: dict[str, Any] | None
) -> tuple[int, dict[str, Any]]:
    parts = urlsplit(url)
    token = rasa_token()
    connection = http.client.HTTPConnection(parts.netloc, timeout=ANSWER_S)
    try:
        connection.request(
            method,
            path + (f"?token={quote(token)}" if token else ""),
            json.dumps(body) if body is not None else None,
            {"Content-Type": "application/json"},
        )
        answer = connection.getresponse()
        text = answer.read()
    finally:
        connection.close()
    try:
        data = json.loads(text or b"{}")
    except ValueError:
        data = {}
    return answer.status, data if isinstance(data, dict) else {}
