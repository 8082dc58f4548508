"""What the operator sees while the front line starts and runs."""

import time
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

STILL_S = 15.0
"""Without a terminal, long steps say this often that they still go on."""


class Screen:
    """Progress of several things at once: a line each, live in a terminal, plain elsewhere.

    Everything printed also goes to `log_path`, when there is one.
    """

    def __init__(self, console: Console | None = None, log_path: Path | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        self._log_path = log_path
        self._begun: dict[str, float] = {}
        self._said: dict[str, float] = {}
        self._rows: dict[str, TaskID] = {}
        self._live: Progress | None = None

    def __enter__(self) -> Self:
        """Show progress."""
        if self.console.is_terminal:
            self._live = Progress(
                SpinnerColumn(finished_text="[green]✓[/green]"),
                TextColumn("{task.description}"),
                TimeElapsedColumn(),
                console=self.console,
            )
            self._live.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        """Show no more progress; lines can still be said."""
        if self._live:
            self._live.stop()
            self._live = None

    def begin(self, name: str, text: str) -> None:
        """Something starts; `text` says what is done."""
        self._begun[name] = self._said[name] = time.monotonic()
        if self._live:
            self._rows[name] = self._live.add_task(f"{name:<10} {text}", total=1)
        else:
            self.say(f"{name:<10} {text} …")

    def done(self, name: str, outcome: str) -> None:
        """It is finished, or ready."""
        seconds = time.monotonic() - self._begun.pop(name)
        if self._live:
            self._live.update(self._rows[name], description=f"{name:<10} {outcome}", completed=1)
            self._note(f"{name:<10} {outcome}, {seconds:.1f} s")
        else:
            self.say(f"{name:<10} {outcome}, {seconds:.1f} s")

    def still(self) -> None:
        """Say what goes on, if that was not said for a while; to be called now and then."""
        now = time.monotonic()
        for name, begun in self._begun.items():
            if not self._live and now - self._said[name] >= STILL_S:
                self._said[name] = now
                self.say(f"{name:<10} … {now - begun:.0f} s")

    def say(self, text: str) -> None:
        """Print a line."""
        self.console.print(text, markup=False)
        self._note(text)

    def show(self, text: str) -> None:
        """Print a line that must not be in a log."""
        self.console.print(text, markup=False)

    def _note(self, text: str) -> None:
        if self._log_path:
            self._log_path.parent.mkdir(parents=True, exist_ok=True)
            with self._log_path.open("a") as file:
                file.write(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {text}\n")
