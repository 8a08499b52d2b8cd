"""Tell the story, a row at a time, and keep count of which claims held."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table
from rich.text import Text

from chassis import clock

MARKS = {True: ("✓", "green"), False: ("✗", "bold red"), None: (" ", "")}


@dataclass(slots=True)
class Narrator:
    """Rows of *seconds, group, who, what*; ``failed`` holds the claims that were not true."""

    console: Console
    started_s: float = field(default_factory=clock.monotonic_s)
    claims: int = 0
    failed: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Start the clock of the story."""
        self.started_s = clock.monotonic_s()

    def scene(self, title: str, why: str) -> None:
        """Open a scene: its title, and in one sentence what it shows."""
        self.console.print()
        self.console.rule(Text(title, style="bold"), align="left")
        self.console.print(Text(why, style="dim"))

    def say(self, group: str, who: str, text: str) -> None:
        """A member said something."""
        self._row(group, who, text)

    def reeve(self, group: str, text: str) -> None:
        """Reeve said or did something."""
        self._row(group, "Reeve", text, style="yellow")

    def claim(self, sentence: str, *, holds: bool) -> None:
        """State what the scene proves, and whether it was so."""
        self.claims += 1
        if not holds:
            self.failed.append(sentence)
        self._row("", "", sentence, style="green" if holds else "bold red", mark=holds)

    @contextmanager
    def working(self, what: str) -> Iterator[None]:
        """Show that something longer is going on; prints one line when it is done."""
        started_s = clock.monotonic_s()
        with self.console.status(what):
            yield
        self.console.print(f"  {what}: {clock.monotonic_s() - started_s:.1f} s", style="dim")

    def _row(
        self, group: str, who: str, text: str, *, style: str = "", mark: bool | None = None
    ) -> None:
        sign, colour = MARKS[mark]
        row = Table.grid(padding=(0, 1), expand=True)
        row.add_column(width=6, justify="right", style="dim")
        row.add_column(width=12, style="dim")
        row.add_column(width=12, style="bold")
        row.add_column(width=1, style=colour)
        row.add_column(ratio=1, style=style, overflow="fold")  # Chinese has no gaps
        row.add_row(f"{clock.monotonic_s() - self.started_s:.1f} s", group, who, sign, Text(text))
        self.console.print(row)
