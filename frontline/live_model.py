"""Which model answers customers: recorded, changed while the bot runs, and taken back.

The record is `models/live.json` in the data folder; it is written whole, after the running bot has
taken the model. A start, and a restart after a crash, take what the record says.
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from frontline.bots import ModelRefusedError, models_of, swap
from frontline.errors import NotFoundError, UnavailableError
from frontline.live_record import read_record, write_record
from frontline.model import BOT, BOT_PYTHON, drop_old, locked, model_path, train
from frontline.runstate import running
from frontline.settings import Settings, environment
from frontline.supervisor import run_program


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of wanting a model live."""

    live: Path
    changed: bool
    """Whether it is live only now."""
    refused: bool = False
    """It was rolled back or refused earlier: `live` is another one."""


def models_folder(settings: Settings) -> Path:
    """The folder of the record and of the models that it names."""
    return settings.data_dir / "models"


def live_path(settings: Settings) -> Path | None:
    """The live model's file."""
    return _existing(models_folder(settings), read_record(models_folder(settings)).live)


def bots_of_run(settings: Settings) -> tuple[str, ...]:
    """Addresses of the Rasa processes that run in this data folder."""
    found = running(settings.data_dir)
    return tuple(found.settings["rasa_url"].split(",")) if found else ()


async def make_live(
    settings: Settings,
    model: Path,
    bots: Sequence[str],
    *,
    force: bool = False,
    fresh: bool = False,
) -> Outcome:
    """Have the model answer customers, in every running Rasa process, and record it.

    Args:
        settings: whose data folder it is about.
        model: the trained model.
        bots: addresses of the running processes; none = at the next start.
        force: also when it was rolled back or refused before.
        fresh: the file is a new one although its name may be the old one.

    Raises:
        ModelRefusedError: the bot tried it and refused; the old one goes on.
        UnavailableError: the bot does not answer.
    """
    folder = models_folder(settings)
    async with locked(folder / "live.lock"):
        record = read_record(folder)
        old = _existing(folder, record.live)
        if model.name in record.refused and old and not force:
            return Outcome(old, changed=False, refused=True)
        kept = _keep(folder, model)
        served = await models_of(bots)
        changed = model.name != record.live
        if fresh or served - {model.name}:
            try:
                await swap(bots, kept, old)
            except ModelRefusedError:
                write_record(folder, record.with_refused(model.name))
                raise
        if changed or model.name in record.refused:
            write_record(folder, record.with_live(model.name))
            await _make_sure(bots, kept)
    drop_old(folder)
    return Outcome(kept, changed=changed or fresh)


async def roll_back(settings: Settings, bots: Sequence[str]) -> Outcome:
    """Put the model before the live one back; what was live is not made live again by itself.

    Done twice, it takes itself back.

    Raises:
        NotFoundError: there was no model before.
        ModelRefusedError: it is no longer fit; nothing changes.
        UnavailableError: the bot does not answer.
    """
    folder = models_folder(settings)
    async with locked(folder / "live.lock"):
        record = read_record(folder)
        back = _existing(folder, record.previous)
        if back is None:
            raise NotFoundError("there is no earlier model to go back to")
        if bots:
            await swap(bots, back, _existing(folder, record.live))
        else:
            await _try(settings, back)
        undone = record.previous in record.refused
        fresh = record.with_live(record.previous)
        write_record(folder, fresh if undone else fresh.with_refused(record.live))
        await _make_sure(bots, back)
    return Outcome(back, changed=True)


async def prepare_start(settings: Settings) -> str:
    """Before the bot starts: train changed content and choose the model; a word on what was done.

    Content that cannot be trained, or that was rolled back, leaves the live model in place.

    Raises:
        UnavailableError: training failed, and there is no live model.
    """
    record, live = read_record(models_folder(settings)), live_path(settings)
    if live and model_path(settings).name in record.refused:
        return f"this content was rolled back or refused: {live.name} stays live"
    try:
        model, trained = await train(settings)
    except UnavailableError:
        if live is None:
            raise
        return f"NOT TRAINED, see train.log: {live.name} stays live"
    outcome = await make_live(settings, model, ())
    if outcome.refused:
        return f"this content was rolled back or refused: {outcome.live.name} stays live"
    return "trained" if trained else "unchanged"


def _existing(folder: Path, name: str) -> Path | None:
    path = folder / name
    return path if name and path.is_file() else None


def _keep(folder: Path, model: Path) -> Path:
    """The model in the data folder's own models, where nobody else removes it."""
    kept = folder / model.name
    if kept.exists() and kept.samefile(model):
        return kept
    fresh = folder / f".{model.name}.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    try:
        os.link(model, fresh)
    except OSError:  # on another disk
        shutil.copyfile(model, fresh)
    fresh.replace(kept)
    return kept


async def _make_sure(bots: Sequence[str], model: Path) -> None:
    """A process that was started again meanwhile may have read the record as it was."""
    if bots and await models_of(bots) != {model.name}:
        await swap(bots, model, None)


async def _try(settings: Settings, model: Path) -> None:
    """Try a model in a process of its own.

    Raises:
        ModelRefusedError: it is not fit.
    """
    command = [str(BOT_PYTHON), "-m", "serve", "--try", "--model", str(model)]
    log = settings.data_dir / "log" / "train.log"
    try:
        await run_program(command, log, cwd=BOT, env=environment(settings))
    except UnavailableError as error:
        raise ModelRefusedError(f"{model.name} is not fit: {str(error).splitlines()[-1]}") from None
