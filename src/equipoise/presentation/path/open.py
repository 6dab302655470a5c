"""The screen "Open my file": what can be opened, and what in a file could not be read."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.presentation.path.screens import Screen, screen_of
from equipoise.presentation.path.view import PathPage


@dataclass(frozen=True, slots=True)
class FileFault:
    """One thing in a file that could not be read, in the language of the page.

    Attributes
    ----------
    place
        Its line, and what it is about; empty for the whole file.
    problem, mend
        What is wrong, with what would be possible, and what to do; the second may be empty.
    screen
        Where it is asked, to answer it there instead; ``None`` where nothing asks it.
    """

    place: str
    problem: str
    mend: str
    screen: Screen | None


@dataclass(frozen=True)
class OpenScreen:
    """What could not be read of a file.

    Attributes
    ----------
    page
        The screen.
    """

    page: PathPage

    @property
    def faults(self) -> tuple[FileFault, ...]:
        """Every fault, in the order of the file."""
        words = self.page.words
        found = []
        for fault in self.page.file_faults:
            about = (self.page.asked(fault.field) if fault.field else "") or fault.field
            parts = [words("open.line", number=str(fault.line))] if fault.line else []
            sentences = [f"{words.say(fault.problem)}."]
            if fault.allowed:
                sentences.append(f"{words('answer.possible', allowed=words.say(fault.allowed))}.")
            place = ", ".join([*parts, *([about] if about else [])])
            found.append(FileFault(place, " ".join(sentences), words.say(fault.mend), screen_of(fault.field)))
        return tuple(found)

    @property
    def is_kept(self) -> bool:
        """Whether something could be read: then the faults are about single places of the file."""
        return any(fault.place for fault in self.faults) and bool(self.page.state.typed)
