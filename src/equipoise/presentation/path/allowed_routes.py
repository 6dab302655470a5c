"""Whom a label means a drug for, in plain words: each route into the licence, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.presentation.path.label_quotes import Quote, quote_of
from equipoise.presentation.path.view import PathPage
from equipoise.safety import Eligibility, Finding, FindingKind, Truth
from equipoise.wording import Phrase

# Many labels say the same; what is not here is shown as the label's own text.
PLAIN_ROUTES: Mapping[str, str] = {
    "alemtuzumab-ind-01": "alemtuzumab-us",
    "alemtuzumab-ind-02": "highly-active",
    "alemtuzumab-ind-03": "rapidly-evolving",
    "alemtuzumab-ind-04": "alemtuzumab-uk",
    "interferon-beta-1a-sc-ind-01": "relapsing-forms",
    "interferon-beta-1a-sc-ind-02": "relapsing-and-first-attack",
    "interferon-beta-1a-sc-ind-03": "nice-remitting",
    "interferon-beta-1a-im-ind-01": "relapsing-forms",
    "interferon-beta-1a-im-ind-02": "any",
    "interferon-beta-1a-im-ind-03": "nice-remitting",
    "interferon-beta-1b-ind-01": "relapsing-two-years",
    "interferon-beta-1b-ind-02": "nice-extavia",
    "peginterferon-beta-1a-ind-01": "relapsing-forms",
    "peginterferon-beta-1a-ind-02": "remitting",
    "glatiramer-acetate-ind-01": "relapsing-forms",
    "glatiramer-acetate-ind-02": "nice-remitting",
    "teriflunomide-ind-01": "remitting-young",
    "dimethyl-fumarate-ind-01": "remitting-young",
    "dimethyl-fumarate-ind-02": "relapsing-forms",
    "diroximel-fumarate-ind-01": "relapsing-forms",
    "fingolimod-ind-01": "remitting-after-drug",
    "fingolimod-ind-02": "relapsing-forms-young",
    "ozanimod-ind-01": "remitting-active",
    "ozanimod-ind-02": "relapsing-forms",
    "ponesimod-ind-01": "relapsing-active",
    "ponesimod-ind-02": "relapsing-forms",
    "siponimod-ind-01": "secondary-active",
    "siponimod-ind-02": "relapsing-forms",
    "cladribine-ind-02": "nice-cladribine",
    "cladribine-ind-03": "nice-active",
    "natalizumab-ind-02": "nice-rapidly-evolving",
    "ocrelizumab-ind-01": "relapsing-and-early-primary",
    "ocrelizumab-ind-02": "relapsing-forms-and-primary",
    "ofatumumab-ind-01": "relapsing",
    "ofatumumab-ind-02": "relapsing-forms",
    "ublituximab-ind-01": "relapsing",
    "ublituximab-ind-02": "relapsing-forms",
}
"""Id of an entry of the table of indications to its words in the catalogue."""
_READING = "eligibility.reading."


@dataclass(frozen=True, slots=True)
class Route:
    """One way into the licence.

    Attributes
    ----------
    words
        Whom it is for; empty where only the label's own text is there.
    status, lacking
        Whether it fits, and what would be needed where it does not.
    counted
        How the text was read, where that took a choice.
    quote
        The label's text.
    """

    words: str
    status: Truth
    lacking: tuple[str, ...]
    counted: tuple[str, ...]
    quote: Quote


@dataclass(frozen=True)
class Routes:
    """Every route of a label, and what a health service says beside it.

    Attributes
    ----------
    answer, page
        The check, and the screen.
    """

    answer: Eligibility
    page: PathPage

    @property
    def status(self) -> str:
        """Whether a route fits, or that none was read: the end of a key of the catalogue."""
        if FindingKind.INDICATION.value in self.answer.unread:
            return "unread"
        if self.answer.indication is Truth.MET and all(self._has_unmet_advice(one) for one in self._met):
            return "met-in-general-not"
        return self.answer.indication.value

    @property
    def _met(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.answer.of_kind(FindingKind.INDICATION) if one.status is Truth.MET)

    def _has_unmet_advice(self, finding: Finding) -> bool:
        """Whether a label keeps the drug in general for others, and this person is not known to be one of them."""
        keys = {reading.key for reading in finding.reading if isinstance(reading, Phrase)}
        return bool(keys & {f"{_READING}advice-not-met", f"{_READING}advice-unknown"})

    @property
    def licence(self) -> tuple[Route, ...]:
        """The routes into the licence."""
        return tuple(self._route(one) for one in self.answer.of_kind(FindingKind.INDICATION))

    @property
    def guidance(self) -> tuple[Route, ...]:
        """What a health service says; it opens no route."""
        return tuple(self._route(one) for one in self.answer.of_kind(FindingKind.GUIDANCE))

    def _route(self, finding: Finding) -> Route:
        slug = PLAIN_ROUTES.get(finding.entry.id, "") if finding.entry is not None else ""
        return Route(
            self.page.words(f"allowed.route.words.{slug}") if slug else "",
            finding.status,
            tuple(self.page.words.say(name) for name in finding.lacking),
            tuple(self._counted(one) for one in finding.reading),
            quote_of(finding, self.page),
        )

    def _counted(self, reading: str) -> str:
        key = reading.key if isinstance(reading, Phrase) else ""
        plain = key.replace(_READING, "allowed.reading.")
        return self.page.words(plain) if plain and self.page.words.has(plain) else self.page.words.say(reading)
