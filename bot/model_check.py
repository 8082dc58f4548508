"""Whether a trained model can answer: loaded and asked one sentence before it may go live."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rasa.core.agent import Agent

PROBE = "Dzień dobry, gdzie jest moja paczka?"


class UnfitModelError(RuntimeError):
    """The model cannot be loaded or does not answer as a bot of ours must; the message says why."""


def load(model: Path, make: Callable[[], Agent] | None = None) -> Agent:
    """An agent with the model; `make` gives the empty agent.

    Raises:
        UnfitModelError: there is no such model, or Rasa or a component refuses it.
    """
    from rasa.core.agent import Agent

    if not model.is_file():
        raise UnfitModelError(f"{model} does not exist")
    agent = make() if make else Agent()
    try:
        with stored_domains_are_trusted():
            agent.load_model(model)
    except Exception as error:  # unpickling a strange file can raise anything
        reason = " ".join(str(error).split())
        raise UnfitModelError(f"{model.name}: {type(error).__name__}: {reason}") from error
    return agent


async def smoke_test(agent: Agent) -> None:
    """Ask one sentence.

    Raises:
        UnfitModelError: the answer fails or names intents that the model's domain does not have.
    """
    from rasa.core.channels.channel import UserMessage

    if agent.processor is None or agent.domain is None:
        raise UnfitModelError("the model has no processor")
    try:
        parse = await agent.processor.parse_message(UserMessage(PROBE))
    except Exception as error:
        raise UnfitModelError(f"it fails on a sentence: {type(error).__name__}: {error}") from error
    names = [r.get("name") for r in parse.get("intent_ranking") or []]
    if not names or not (parse.get("intent") or {}).get("name"):
        raise UnfitModelError("it finds no intent in a sentence")
    strange = sorted(str(name) for name in names if name not in agent.domain.intents)
    if strange:
        raise UnfitModelError(f"its domain does not know {', '.join(strange)}")


@contextlib.contextmanager
def stored_domains_are_trusted() -> Iterator[None]:
    """Saves more than half of a load: the domain inside a model was validated when it was trained.

    Rasa validates it again on every load, with a YAML reader written in Python.
    """
    import rasa.shared.utils.validation as validation

    validate = validation.validate_yaml_schema
    validation.validate_yaml_schema = lambda *_args, **_kwargs: None
    try:
        yield
    finally:
        validation.validate_yaml_schema = validate
