"""The picture of the years: one lane an option, in the language of the page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from equipoise.consultation.document import Option
from equipoise.presentation.pictures.drawing import TraceUrl
from equipoise.presentation.pictures.timeline import Band, Event, Lane, Timeline, timeline_table
from equipoise.presentation.pictures.timeline_drawing import timeline_chart
from equipoise.presentation.pictures.timeline_wording import timeline_words
from equipoise.safety.calendar_dates import MONTHS_A_YEAR
from equipoise.safety.schedule import Task
from equipoise.vocabulary.estimate import Estimate
from equipoise.wording import Wording


def life_timeline(
    words: Wording, options: Sequence[tuple[str, Option]], title: str, trace_url: TraceUrl
) -> tuple[Markup, Markup]:
    """Return the picture of the years and the same as a table.

    Parameters
    ----------
    words
        In which language.
    options
        Name of each option with the option.
    title
        What is shown.
    trace_url
        Address of a source.
    """
    years = max(len(option.plan.years) for _, option in options)
    lanes = tuple(Lane(name, tuple(_events(words, option)), tuple(_bands(words, option))) for name, option in options)
    chart = Timeline("years", title, lanes, years, trace_url=trace_url, words=timeline_words(words))
    return timeline_chart(chart), timeline_table(chart)


def _events(words: Wording, option: Option) -> Iterator[Event]:
    for course in option.plan.courses:
        number = _number(option, Task.INFUSION_DAY, int(course.start_month // MONTHS_A_YEAR))
        name = words(f"life.picture.course.{course.number}")
        days = words("number.days", n=course.days)
        yield Event(name, (course.start_month,), "", "square", (days,), number.id if number else None)
    tests = [test for test in option.plan.tests if test.is_blood_or_urine and not test.condition]
    months = sorted({month for test in tests for month in test.months})
    number = _number(option, Task.TEST, 0)
    if months and number is not None:
        goes_on = any(test.months and test.interval_text for test in tests)
        text = words("life.picture.no-interval") if goes_on else ""
        yield Event(words("life.picture.tests"), tuple(months), text, "tick", estimate_id=number.id, rank=1)


def _bands(words: Wording, option: Option) -> Iterator[Band]:
    for dose in option.plan.repeated:
        number, later = _number(option, dose.task, 0), _number(option, dose.task, 1)
        if number is not None:
            text = words("life.picture.a-year", n=number.value)
            if later is not None and later.value != number.value:
                text = words("life.picture.then-a-year", first=words.number(number.value), n=later.value)
            yield Band(words(f"life.picture.{dose.task}"), 0, math.inf, text, estimate_id=number.id)


def _number(option: Option, task: Task, year: int) -> Estimate | None:
    outcome = f"schedule-{task}"
    rows = (row.per_year for row in option.plan_rows if any(n and n.outcome_id == outcome for n in row.per_year))
    row = next(rows, ())
    return row[year] if year < len(row) else None
