"""Words of the pictures of a person, taken from the catalogue: what stands inside them, their key, who fares alike."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from equipoise.presentation.pictures import (
    FanWords,
    ForestWords,
    PeopleArrays,
    PeopleWords,
    key_icon,
    people_counts,
    shared_bands,
)
from equipoise.presentation.pictures.people_array import SHOWN
from equipoise.presentation.pictures.people_drawing import KEY_NAMES
from equipoise.wording import Wording
from equipoise.wording.phrases import Filling

MOST_BANDS = 4
"""Options up to which every combination is named; beyond, only how many people differ."""


def template(words: Wording, key: str) -> str:
    """Return a text with its places still open, for a picture to fill in."""
    return words(key, **{place: f"{{{place}}}" for place in words.texts.places(key)})


def people_words(words: Wording) -> PeopleWords:
    """Return the words of the picture of a hundred people."""
    return PeopleWords(
        summary=template(words, "expect.people.summary"),
        option=words("expect.people.option"),
        range=words("expect.people.range"),
        range_cell=template(words, "expect.people.range-cell"),
    )


def fan_words(words: Wording) -> FanWords:
    """Return the words of the relapse fan."""
    return FanWords(
        axis=template(words, "expect.fan.axis"),
        summary=template(words, "expect.fan.summary"),
        interval=template(words, "expect.fan.interval"),
        key_line=words("expect.fan.key-line"),
        key_band=words("expect.fan.key-band"),
        same_axes=words("expect.fan.same-axes"),
        straight=words("expect.fan.straight"),
        option=words("expect.fan.option"),
        year=template(words, "expect.fan.year"),
        cell=template(words, "expect.fan.cell"),
        under_one=words("expect.fan.under-one"),
        thousands=words.number(1000).strip("01"),
    )


def forest_words(words: Wording) -> ForestWords:
    """Return the words of a forest plot."""
    return ForestWords(
        trial=words("forest.trial"),
        people=words("forest.people"),
        interval=template(words, "forest.interval"),
        no_interval=template(words, "forest.no-interval"),
        prediction=template(words, "forest.prediction"),
        not_pooled=words("forest.not-pooled"),
        key_null=words("forest.key.null"),
        key_pooled_trial=words("forest.key.pooled-trial"),
        key_beside_trial=words("forest.key.beside-trial"),
        key_summary=words("forest.key.summary"),
        key_prediction=words("forest.key.prediction"),
        thousands=words.number(10_000).strip("01"),
        point=words.number(0.5, 1).strip("05"),
    )


def people_key(arrays: PeopleArrays, words: Wording) -> tuple[tuple[Markup, str], ...]:
    """Return each mark of a picture of people with its meaning; marks that do not occur are left out.

    Parameters
    ----------
    arrays
        The picture.
    words
        In which language.
    """
    said = {"event": arrays.event, "no_event": arrays.no_event}
    return tuple((key_icon(arrays, name), words(f"expect.people.{name}", **said)) for name in marks_of(arrays))


def marks_of(arrays: PeopleArrays) -> tuple[str, ...]:
    """Return the names of the marks that occur in a picture of people, in the order of its key."""
    present = {name for group in arrays.groups for name, count in people_counts(group).styles if count}
    found: list[str] = [name for name in KEY_NAMES if name in present]
    if arrays.differing[0] != arrays.differing[1]:
        found.append("line")
    return tuple(found)


def shared_people(arrays: PeopleArrays, words: Wording) -> tuple[str, ...]:
    """Count the people by what happens to them under which options, in sentences that add up to a hundred.

    Parameters
    ----------
    arrays
        The picture.
    words
        In which language.
    """
    return tuple(_shared(arrays, words)) if len(arrays.groups) > 1 else ()


def _shared(arrays: PeopleArrays, words: Wording) -> Iterator[str]:
    if len(arrays.groups) > MOST_BANDS:
        first, last = arrays.differing
        yield words("expect.shared.all-more", **_counted(arrays, first))
        yield words("expect.shared.depends", count=last - first, total=SHOWN)
        yield words("expect.shared.none-more", **_counted(arrays, SHOWN - last))
        return
    names = [group.label for group in arrays.groups]
    many = "two" if len(names) == 2 else "more"
    # The two are named: a third option may stand on the same screen without a number.
    pair: dict[str, Filling] = {"pair": words.joined(names)} if many == "two" else {}
    for band in shared_bands(arrays.groups):
        said = _counted(arrays, band.count)
        if len(band.members) == len(names):
            yield words(f"expect.shared.all-{many}", **said, **pair)
        elif not band.members:
            yield words(f"expect.shared.none-{many}", **said, **pair)
        else:
            inside = words.joined([names[i] for i in band.members])
            others = words.joined([name for i, name in enumerate(names) if i not in band.members])
            yield words("expect.shared.some", others=others, **{"with": inside}, **said)


def _counted(arrays: PeopleArrays, count: int) -> dict[str, Filling]:
    """Return a count of people with what happens to them, and what does not, in the form of that count."""
    happens = {"event": arrays.happens_to(count), "no_event": arrays.spares(count)}
    return {"count": count, "total": SHOWN, **happens}
