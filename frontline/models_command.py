"""`frontline models`: which speech models there are, which are used, and fetching them."""

import asyncio
from collections.abc import Sequence

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TransferSpeedColumn,
)

from frontline.errors import RefusedError, SettingsError
from frontline.lang import Language
from frontline.settings import Settings
from frontline.speech_fetch import OFFERS, Offer, fetch
from frontline.speech_models import LANGUAGES, Kind, Origin, find

STEP = 10
"""Without a terminal, progress is said in steps of so many percent."""
MEANING = {
    Origin.SET: "set by its path",
    Origin.FETCHED: "fetched",
    Origin.DEMO: "demo: knows synthetic voices only",
}


def list_models(settings: Settings, console: Console | None = None) -> int:
    """Print what is used.

    Returns:
        The exit code: 1 when something is missing or broken.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    missing = 0
    for kind in Kind:
        for language in LANGUAGES:
            try:
                model = find(settings, kind, language)
            except SettingsError as error:
                missing = 1
                console.print(f"{kind:<6}{language}  {error}", markup=False)
            else:
                text = f"{kind:<6}{language}  {MEANING[model.origin]}  {model.path}"
                console.print(text, markup=False)
    console.print()
    for offer in OFFERS:
        size = f"{offer.size / 1e6:.0f} MB, {offer.licence}"
        console.print(f"to fetch: {offer.kind:<6}{offer.language}  {offer.name} ({size})")
    return missing


def fetch_models(settings: Settings, named: Sequence[str], base: str) -> None:
    """Fetch the production models of these languages; all when none is named.

    Raises:
        RefusedError: there is no such language; others as of `speech_fetch.fetch`.
    """
    languages = _languages(named)
    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        asyncio.run(fetch(settings, languages, base=base, say=console.print, told=_Lines(console)))
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        console=console,
    )
    with bar:
        tasks: dict[str, TaskID] = {}

        def told(offer: Offer, there: int) -> None:
            if offer.name not in tasks:
                tasks[offer.name] = bar.add_task(offer.name, total=offer.size)
            bar.update(tasks[offer.name], completed=there)

        asyncio.run(fetch(settings, languages, base=base, say=console.print, told=told))


def _languages(named: Sequence[str]) -> list[Language]:
    unknown = sorted(set(named) - set(LANGUAGES))
    if unknown:
        raise RefusedError(f"no models for {', '.join(unknown)}; there are {', '.join(LANGUAGES)}")
    return [language for language in LANGUAGES if not named or language in named]


class _Lines:
    """Progress where there is no terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._said: dict[str, int] = {}

    def __call__(self, offer: Offer, there: int) -> None:
        step = there * 100 // offer.size // STEP * STEP
        if step > self._said.get(offer.name, 0):
            self._said[offer.name] = step
            self._console.print(f"{offer.name}: {step} %")
