"""What every benchmark prints, and the little statistics they share."""

import json
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import psutil


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which `percent` % of `values` lie (nearest rank)."""
    ordered = sorted(values)
    rank = max(0, min(len(ordered) - 1, round(percent / 100 * len(ordered) + 0.5) - 1))
    return ordered[rank]


def report(name: str, metrics: dict[str, float], peer: dict[str, float], notes: str = "") -> None:
    """Print the result: JSON with `--json` on the command line, else a table."""
    memory_gib = round(psutil.virtual_memory().total / 2**30)
    result: dict[str, Any] = {
        "name": name,
        "machine": f"{psutil.cpu_count()} cores, {memory_gib} GiB, {platform.machine()},"
        f" Python {platform.python_version()}",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "metrics": {key: round(value, 4) for key, value in metrics.items()},
        "peer": {key: round(value, 4) for key, value in peer.items()},
    }
    if notes:
        result["notes"] = notes
    if "--json" in sys.argv[1:]:
        print(json.dumps(result, indent=2, ensure_ascii=False))
        return
    print(f"{name} on {result['machine']}")
    for key, value in result["metrics"].items():
        beside = f"   peer {result['peer'][key]:>10}" if key in result["peer"] else ""
        print(f"  {key:<32}{value:>10}{beside}")
    if notes:
        print(f"  {notes}")
