"""Logs: one JSON object per line, a static event name and keys.

Values that may hold personal data go under keys that begin with `pii_`; they are dropped unless
`FRONTLINE_LOG_PII` is set. Texts of exceptions are masked: libraries quote what they were given.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from frontline.redact import redact
from frontline.settings import Settings

Event = MutableMapping[str, Any]


def configure_logs(settings: Settings) -> None:
    """Send this process's logs, and its libraries' warnings, to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    if not settings.log_pii:
        shared += [drop_personal_data, mask_exception]
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if settings.log_format == "console"
        else structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    _configure_libraries(shared, renderer, masked=not settings.log_pii)


def drop_personal_data(_logger: Any, _method: str, event: Event) -> Event:
    """Leave out the values under `pii_` keys."""
    for key in [key for key in event if key.startswith("pii_")]:
        del event[key]
    return event


def mask_exception(_logger: Any, _method: str, event: Event) -> Event:
    """Mask personal data in the text of an exception."""
    if isinstance(event.get("exception"), str):
        event["exception"] = redact(event["exception"])
    return event


def mask_event(_logger: Any, _method: str, event: Event) -> Event:
    """Mask personal data in a library's free-text message."""
    event["event"] = redact(str(event["event"]))
    return event


def _configure_libraries(
    shared: list[structlog.typing.Processor],
    renderer: structlog.typing.Processor,
    *,
    masked: bool,
) -> None:
    """Libraries log through `logging`: their warnings get the same form."""
    processors = [*shared, *([mask_event] if masked else [])]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=processors,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
