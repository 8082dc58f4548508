"""Makes the demo speech models that are missing.

python -m tools.speech [--size ci|full] [--only vosk|piper] [--languages pl en]
"""

import argparse
import sys
import threading
import time
from collections.abc import Sequence

from frontline.errors import FrontlineError
from frontline.settings import load_settings
from frontline.speech_models import LANGUAGES, Kind, store
from tools.speech.make import Part, make_demo_models, parts

STILL_S = 10.0
"""Without a terminal progress is said this often."""


class Shown:
    """Progress on standard error: one line that changes in a terminal, else one now and then."""

    def __init__(self, wanted: Sequence[Part]) -> None:
        self._done = {part.name: 0.0 for part in wanted}
        self._begun = time.monotonic()
        self._said = -STILL_S
        self._lock = threading.Lock()
        self._live = sys.stderr.isatty()

    def __call__(self, name: str, done: float) -> None:
        """A model is made so far."""
        with self._lock:
            self._done[name] = done
            elapsed = time.monotonic() - self._begun
            if self._live or elapsed - self._said >= STILL_S:
                self._said = elapsed
                shares = ", ".join(f"{name} {done:.0%}" for name, done in self._done.items())
                text = f"demo speech models: {shares}, {elapsed:.0f} s"
                print(f"\r{text} " if self._live else text, end="" if self._live else "\n",
                      file=sys.stderr, flush=True)  # fmt: skip

    def over(self, folder: str) -> None:
        """All are there."""
        elapsed = time.monotonic() - self._begun
        if any(self._done.values()):
            begin = "\r" if self._live else ""
            print(f"{begin}demo speech models made in {elapsed:.0f} s: {folder}", file=sys.stderr)


def main(arguments: Sequence[str]) -> int:
    """Make them; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.speech", description=__doc__)
    parser.add_argument("--size", choices=("ci", "full"), default="ci")
    parser.add_argument("--only", choices=[kind.value for kind in Kind])
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=LANGUAGES)
    chosen = parser.parse_args(arguments)
    wanted = parts(Kind(chosen.only) if chosen.only else None, chosen.languages)
    shown = Shown(wanted)
    try:
        folder = make_demo_models(store(load_settings()), chosen.size, wanted, shown)
    except FrontlineError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nended; the next start makes what is missing", file=sys.stderr)
        return 130
    shown.over(str(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
