"""Models that differ visibly from a trained one, made without training."""

import json
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

Change = Callable[[Path], None]
"""Changes an unpacked model."""


def changed_model(model: Path, out: Path, change: Change) -> Path:
    """A copy of a model with something changed inside."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with tarfile.open(model) as source:
            source.extractall(folder, filter="data")
        change(folder)
        with tarfile.open(out, "w:gz", compresslevel=1) as target:
            target.add(folder, arcname=".")
    return out


def with_word(old: str, new: str) -> Change:
    """The bot's texts say `new` in place of `old`."""

    def change(folder: Path) -> None:
        for path in folder.rglob("domain.yml"):
            path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
        metadata = folder / "metadata.json"
        text = metadata.read_text("utf-8")
        ascii_old, ascii_new = json.dumps(old)[1:-1], json.dumps(new)[1:-1]
        metadata.write_text(text.replace(old, new).replace(ascii_old, ascii_new), "utf-8")

    return change


def without_classifier(folder: Path) -> None:
    """What the classifier learned is damaged."""
    (path,) = folder.rglob("sparse_linear.pickle")
    path.write_bytes(path.read_bytes()[:1000])
