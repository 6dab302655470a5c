"""What stands on the page for a visit: one side for the person, one for the clinician, the same numbers on both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.evidence import Release


@dataclass(frozen=True, slots=True)
class Cell:
    """One number under one option, as it is said on both sides.

    Attributes
    ----------
    yes, no
        People out of the denominator of the row to whom it happens and does not.
    likely
        The likely range, in words.
    certainty
        One of four words, or that it is not rated.
    estimate_id
        For ``equipoise trace``.
    missing
        What stands here without a number; empty with one.
    is_withheld
        Whether a number was withheld, for a reason that the clinician's side names.
    """

    yes: str = ""
    no: str = ""
    likely: str = ""
    certainty: str = ""
    estimate_id: str = ""
    missing: str = ""
    is_withheld: bool = False


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One thing that may happen, under every option.

    Attributes
    ----------
    letter
        Leads from the person's side to the sources on the other.
    outcome_id, name
        What may happen.
    basis
        How the numbers were made, in a few words.
    denominator
        Of how many people.
    cells
        In the order of the options.
    is_mine
        Whether the numbers were worked out for what the person said.
    """

    letter: str
    outcome_id: str
    name: str
    basis: str
    denominator: int
    cells: tuple[Cell, ...]
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class EffortRow:
    """What an option asks of a person, year by year, as the label plans it.

    Attributes
    ----------
    letter, task
        As in ``NumberRow``.
    cells
        In the order of the options.
    """

    letter: str
    task: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the numbers of a row were read: the sources, each with its places, what to trace, and how many are left."""

    letter: str
    sources: tuple[tuple[str, str], ...]
    estimate_id: str
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class OptionLine:
    """An option as the person reads it: what it is, and what the label says to them."""

    name: str
    detail: str
    standing: str


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One statement of a label that matters here: ``kind`` and ``status`` in a word, the text, and its place.

    A quote stands in English, whatever the language of the page.
    """

    kind: str
    status: str
    text: str
    place: str
    is_quote: bool = True


@dataclass(frozen=True, slots=True)
class OptionCheck:
    """An option as the clinician reads it.

    Attributes
    ----------
    name, codes
        What it is, with verified codes.
    verdict, indication, start
        What the label comes to for this person on the day.
    lines
        The statements behind it, contraindications first.
    left_out
        How many more statements there are.
    """

    name: str
    codes: str
    verdict: str
    indication: str
    start: str
    lines: tuple[CheckLine, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class NeededRow:
    """A difference between two options, with the number needed to treat or to harm and its interval."""

    outcome: str
    compared: str
    difference: str
    needed: str


@dataclass(frozen=True, slots=True)
class PersonSide:
    """The person's side.

    Attributes
    ----------
    facts, unknown
        What was said, and what is not known, in plain words.
    matters, limits
        What matters to the person, and what they would not accept.
    options
        What can be chosen, with what the label says.
    rows, rare
        Numbers of 100 people, and of 1,000 for what is rare.
    effort
        What each option asks for.
    fit
        How the options fit, where values were given.
    not_known
        What nobody can say.
    own_questions, suggested
        Questions for the visit: one's own, and what unknowns and close calls suggest.
    readiness
        Questions of our own about being ready.
    ready
        What was answered to each: ``"yes"``, ``"no"`` or nothing.
    own_left_out, facts_left_out
        How many of one's own questions and facts had no room.
    is_tight
        Whether lines stand closer and margins are narrower, because much was written; letters stay as large.
    """

    facts: tuple[str, ...]
    unknown: tuple[str, ...]
    matters: tuple[str, ...]
    limits: tuple[str, ...]
    options: tuple[OptionLine, ...]
    rows: tuple[NumberRow, ...]
    rare: tuple[NumberRow, ...]
    effort: tuple[EffortRow, ...]
    fit: str
    not_known: tuple[str, ...]
    own_questions: tuple[str, ...]
    suggested: tuple[str, ...]
    readiness: tuple[str, ...]
    ready: tuple[str, ...] = ()
    own_left_out: int = 0
    facts_left_out: int = 0
    is_tight: bool = False


@dataclass(frozen=True, slots=True)
class ClinicianSide:
    """The clinician's side.

    Attributes
    ----------
    checks
        Eligibility under the label, per option.
    rows, rare
        Numbers of 100 and of 1,000 people: those of the person's side, in the same letters, and more.
    needed
        Differences, NNT and NNH.
    effort, after
        The monitoring burden of the years, and how long tests go on after the last dose.
    baselines
        How the personal numbers were made.
    not_given
        What is withheld, with its reason.
    places
        Where each row was read.
    """

    checks: tuple[OptionCheck, ...]
    rows: tuple[NumberRow, ...]
    rare: tuple[NumberRow, ...]
    needed: tuple[NeededRow, ...]
    effort: tuple[EffortRow, ...]
    after: tuple[str, ...]
    baselines: tuple[str, ...]
    not_given: tuple[str, ...]
    places: tuple[Places, ...]


@dataclass(frozen=True, slots=True)
class Handout:
    """Both sides of one sheet.

    Attributes
    ----------
    day
        The day for which it was made, ISO.
    release
        The evidence that it was made from.
    jurisdiction
        Whose labels apply.
    names
        The options, no treatment last where the evidence reaches it.
    years
        The horizon of the numbers, in words.
    texts
        What stands around it all, in the language of the sheet: headings and fixed sentences by their keys.
    language, region
        Of the sheet. A PDF names the language by the first part of its tag.
    person, clinician
        The two sides.
    seed
        Of the random numbers, and how many plausible worlds.
    qr_text
        What the code holds that a phone can read; empty where none was asked for.
    """

    day: str
    release: Release
    jurisdiction: str
    names: tuple[str, ...]
    years: str
    texts: Mapping[str, str]
    language: str
    region: str
    person: PersonSide
    clinician: ClinicianSide
    seed: str
    qr_text: str = ""
