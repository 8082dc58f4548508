"""A small HTTP service that tests start as a child: /health, and ways to fail.

usage: fake_service.py PORT JOURNAL [--die-early] [--deaf] [--child]
"""

import http.server
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

port, journal = int(sys.argv[1]), Path(sys.argv[2])
flags = set(sys.argv[3:])


def note(text: str) -> None:
    with journal.open("a") as file:
        file.write(f"{text} {port} {os.getpid()}\n")


def on_term(_number: int, _frame: object) -> None:
    note("ended")
    sys.exit(0)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


note("began")
if "--die-early" in flags:
    sys.exit("the reason is written here")
if "--child" in flags:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    journal.with_suffix(".child").write_text(str(child.pid))
signal.signal(signal.SIGTERM, signal.SIG_IGN if "--deaf" in flags else on_term)
if "--silent" in flags:
    time.sleep(600)
http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
