"""Makes one demo model and prints the share that is done.

python -m tools.speech.part vosk|piper pl|en FOLDER SIZE [OLDER]
"""

import sys
from pathlib import Path
from typing import cast

from frontline.lang import Language
from frontline.speech_models import Kind
from tools.speech import recogniser
from tools.speech.recogniser import Size

STEP = 0.01


class Printed:
    """Progress as lines on standard output, each percent once."""

    def __init__(self) -> None:
        self._said = -STEP

    def __call__(self, done: float) -> None:
        """Say how far it is."""
        if done >= self._said + STEP:
            self._said = done
            print(f"{done:.2f}", flush=True)


def main(arguments: list[str]) -> None:
    """Make the model that the arguments name."""
    kind, language, folder, size, *older = arguments
    place, progress = Path(folder), Printed()
    place.mkdir(parents=True)
    if older:
        recogniser.renew(cast(Language, language), place, Path(older[0]), progress)
        return
    if Kind(kind) is Kind.VOSK:
        recogniser.make(cast(Language, language), place, cast(Size, size), progress)
        return
    from tools.speech import voice

    voice.make(cast(Language, language), place, cast(Size, size), lambda _, done: progress(done))


if __name__ == "__main__":
    main(sys.argv[1:])
