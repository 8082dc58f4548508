"""A desk process with short leases, for tests that wait until they run out.

python -m tests.common.desk_process <seconds>
"""

import sys

import uvloop

from frontline.logs import configure_logs
from frontline.settings import load_settings
from handoff import agents, dispatcher, handling, relay
from handoff.__main__ import serve
from handoff.queue import CaseQueue


def shorten(lease_s: float) -> None:
    """Who gives no sign of life for so long has lost their cases."""
    for module in (dispatcher, handling, relay):
        vars(module)["LEASE_S"] = lease_s
    vars(agents)["SEEN_WITHIN_S"] = lease_s
    (CaseQueue.heartbeat.__kwdefaults__ or {})["lease_s"] = lease_s


if __name__ == "__main__":
    shorten(float(sys.argv[1]))
    settings = load_settings()
    configure_logs(settings)
    uvloop.run(serve(settings))
