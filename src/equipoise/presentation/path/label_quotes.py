"""A label's statement as a quote: with its section, its date and the way to its source."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.evidence import label_text
from equipoise.presentation.path.view import PathPage
from equipoise.safety import Finding
from equipoise.wording import ENGLISH


@dataclass(frozen=True, slots=True)
class Quote:
    """What a label says.

    Attributes
    ----------
    id
        The statement, to be traced.
    text
        In our own words.
    where
        Its section, and the day of the text, in English.
    is_english
        Whether the text is in English on a page that is not.
    is_lent
        Whether it is of the EU and stands in for one of the UK.
    """

    id: str
    text: str
    where: str
    is_english: bool = False
    is_lent: bool = False


def quote_of(finding: Finding, page: PathPage) -> Quote:
    """Return the statement behind a finding.

    Parameters
    ----------
    finding
        Of a check against a label.
    page
        The screen.
    """
    source = page.state.evidence.sources[finding.source.source_id]
    when = source.revision or source.year
    where = ", ".join(part for part in (finding.source.locator, source.organisation, when) if part)
    adopted = finding.entry is not None and bool(finding.entry.fields.get("same_as"))
    is_lent = finding.jurisdiction != page.state.choice.jurisdiction and not adopted
    named = label_text(finding.entry) if finding.entry is not None else None
    is_said = named is not None and page.words.has(named.key)
    text = page.words.say(named) if named is not None and is_said else finding.text
    return Quote(finding.id, text, where, not is_said and page.language != ENGLISH, is_lent)
