"""Keeps Rasa's libraries quiet and small; import this before anything of Rasa."""

from __future__ import annotations

import logging
import os
import warnings
from typing import Any

DEFAULTS = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def quieten(level: int = logging.WARNING) -> None:
    """Set the environment, the warnings and the log level; user texts are logged below WARNING."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    warnings.showwarning = _unsaid  # a filter would not do: libraries set their own
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def _unsaid(*args: Any, **kwargs: Any) -> None:
    """Deprecations inside pinned libraries are nobody's news."""


def quieten_rasa(level: int = logging.WARNING) -> None:
    """The part that needs Rasa imported: its structured log prints user texts until told not to."""
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(level)
    logging.getLogger("rasa").setLevel(level)
