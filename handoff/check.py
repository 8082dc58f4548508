"""Is the record of the cases sound? `frontline doctor` runs this and reads its lines of JSON.

{"verdict": "ok" | "warn" | "fail", "what": …, "text": …}
"""

import asyncio
import sys

import msgspec

from frontline.database import Database
from frontline.errors import FrontlineError
from frontline.settings import load_settings
from handoff.case_log import verify
from handoff.reports.proof import recompute
from handoff.routing import load_routing

SHOWN = 5


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at."""

    verdict: str
    what: str
    text: str


async def examine() -> list[Finding]:
    """All findings."""
    settings = load_settings()
    findings = [_routing(settings.routing_file, settings.always_open)]
    database = Database(settings.resolved_database_url)
    try:
        async with database.read() as connection:
            broken, wrong = await verify(connection), await recompute(connection)
    finally:
        await database.close()
    findings.append(_judge("case log", broken, "every entry is as it was written"))
    findings.append(_judge("cases", wrong, "agree with their logs"))
    return findings


def _routing(path: str, always_open: bool) -> Finding:
    try:
        load_routing(path, always_open=always_open)
    except FrontlineError as error:
        return Finding("fail", "routing", str(error))
    note = "readable; always open" if always_open else "readable"
    return Finding("ok", "routing", note)


def _judge(what: str, faults: list[str], well: str) -> Finding:
    if not faults:
        return Finding("ok", what, well)
    more = f" and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
    told = "; ".join(faults[:SHOWN])
    advice = "restore these cases from a backup, and find out who can write to the database"
    return Finding("fail", what, f"{told}{more}: {advice}")


def main() -> int:
    """Print the findings; returns the exit code."""
    try:
        findings = asyncio.run(examine())
    except FrontlineError as error:
        findings = [Finding("fail", "case log", str(error))]
    for finding in findings:
        sys.stdout.write(msgspec.json.encode(finding).decode() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
