"""Made-up speakers: variants of espeak-ng's voice with throats of all sizes."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import espeakng_loader

VARIANTS = Path("voices") / "!v"
FAMILIES = ("lang/zlw", "lang/gmw")
"""Where Polish and English are among espeak-ng's languages."""


def speaker(dice: random.Random) -> str:
    """The file of a variant: where its formants lie, how loud and how wide they are, its pitch.

    Source: espeak-ng, docs/voices.md. Numbers are percents of espeak-ng's own voice.
    """
    throat = dice.uniform(0.85, 1.25)
    pitch = dice.uniform(70, 215)
    lines = ["language variant", "name made-up"]
    lines.append(f"pitch {pitch:.0f} {pitch * dice.uniform(1.1, 1.6):.0f}")
    for formant in range(9):
        place = 100 * throat * dice.uniform(0.92, 1.1) if formant else dice.uniform(85, 120)
        height = dice.uniform(55, 120) if formant < 6 else dice.uniform(30, 100)
        shift = (
            f" {dice.uniform(-150, 150):.0f}" if formant in (1, 2) and dice.random() < 0.4 else ""
        )
        lines.append(
            f"formant {formant} {place:.0f} {height:.0f} {dice.uniform(80, 165):.0f}{shift}"
        )
    lines.append(f"flutter {dice.choice((0, 1, 3, 6))}")
    if dice.random() < 0.4:
        lines.append(f"roughness {dice.randint(0, 3)}")
    if dice.random() < 0.4:
        lines.append(f"voicing {dice.uniform(40, 140):.0f}")
    if dice.random() < 0.5:
        lines.append(f"consonants {dice.uniform(60, 120):.0f} {dice.uniform(60, 120):.0f}")
    if dice.random() < 0.25:
        lines.append(f"echo {dice.randint(20, 130)} {dice.randint(5, 40)}")
    if dice.random() < 0.2:
        lines.append(f"klatt {dice.choice((1, 2, 3, 4, 6))}")
    if dice.random() < 0.4:
        lines.append("stressAmp " + " ".join(str(dice.randint(12, 26)) for _ in range(8)))
    return "\n".join(lines) + "\n"


@contextmanager
def data_with(speakers: Sequence[str]) -> Iterator[tuple[Path, list[str]]]:
    """espeak-ng's data with more variants, and their names; gone afterwards."""
    own = Path(espeakng_loader.get_data_path())
    with TemporaryDirectory(prefix="espeak") as place:
        data = Path(place) / own.name
        (data / VARIANTS).mkdir(parents=True)
        (data / "lang").mkdir()
        # espeak-ng knows 349 voices at most: those of other languages make room.
        linked = [path for path in own.iterdir() if path.name not in ("lang", "voices")]
        linked += [*(own / VARIANTS).iterdir(), *(own / family for family in FAMILIES)]
        for path in linked:
            (data / path.relative_to(own)).symlink_to(path)
        names = [f"made-up-{number}" for number in range(len(speakers))]
        for name, text in zip(names, speakers, strict=True):
            (data / VARIANTS / name).write_text(text)
        yield data, names
