"""What the bot says word for word each time, to be made into sound ahead of time."""

from pathlib import Path
from typing import Any

import msgspec
import structlog

from frontline.lang import Language
from voice_gateway.tts.pieces import sentences

log = structlog.get_logger()


class _Condition(msgspec.Struct):
    name: str = ""
    value: Any = None


class _Variant(msgspec.Struct):
    text: str = ""
    channel: str = ""
    condition: list[_Condition] = []


class _Domain(msgspec.Struct):
    responses: dict[str, list[_Variant]] = {}


def bot_prompts(content_dir: Path, language: Language) -> list[str]:
    """Sentences of the bot's spoken responses into which nothing is filled, each once.

    Files that cannot be read are left out: `frontline validate` tells editors what is wrong.

    Args:
        content_dir: holds `bot/domain/`.
        language: of the sentences; responses without a condition are Polish.
    """
    found: dict[str, None] = {}
    for path in sorted((content_dir / "bot" / "domain").rglob("*.yml")):
        try:
            domain = msgspec.yaml.decode(path.read_bytes(), type=_Domain)
        except (OSError, msgspec.MsgspecError):
            log.warning("tts.domain_not_read", file=path.name)
            continue
        for variants in domain.responses.values():
            for variant in variants:
                if variant.channel == "voice" and _language(variant) == language:
                    found |= dict.fromkeys(sentences(variant.text, language))
    return [sentence for sentence in found if "{" not in sentence]


def _language(variant: _Variant) -> Language:
    english = any(part.name == "language" and part.value == "en" for part in variant.condition)
    return "en" if english else "pl"
