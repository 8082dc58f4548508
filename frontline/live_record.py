"""The record of the live model: `live.json` beside the models, always whole."""

import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec

RECORD = "live.json"
REMEMBERED = 50
"""How many refused models are remembered."""


class Record(msgspec.Struct, frozen=True):
    """The models of a data folder, by file name."""

    live: str = ""
    previous: str = ""
    """What was live before."""
    refused: tuple[str, ...] = ()
    """Rolled back, or refused by the bot: not made live again until forced."""
    since: str = ""
    """When the live one became live; ISO 8601, UTC."""

    def with_refused(self, name: str) -> "Record":
        """The record after a model was refused."""
        known = dict.fromkeys((*self.refused, name))
        return msgspec.structs.replace(self, refused=tuple(known)[-REMEMBERED:])

    def with_live(self, name: str) -> "Record":
        """The record after a model became live; it is refused no more."""
        return msgspec.structs.replace(
            self,
            live=name,
            previous=self.previous if name == self.live else self.live or self.previous,
            refused=tuple(other for other in self.refused if other != name),
            since=datetime.now(UTC).isoformat(timespec="seconds"),
        )


def read_record(folder: Path) -> Record:
    """The record; an empty one when there is none."""
    try:
        return msgspec.json.decode((folder / RECORD).read_bytes(), type=Record)
    except (FileNotFoundError, msgspec.MsgspecError):
        return Record()


def write_record(folder: Path, record: Record) -> None:
    """Write the record in one step."""
    fresh = folder / f".{RECORD}.{os.getpid()}"
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n")
    fresh.replace(folder / RECORD)
