"""Hypothesis strategies for people and for what matters to them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from equipoise.decision import CRITERIA, Limit, TradeOff, TradeOffAnswer, Values
from equipoise.person import CourseOfDisease, EarlierTreatment, Person, PregnancyPlan, Sex, Walking

histories = st.sampled_from(
    [
        None,
        (),
        (EarlierTreatment("glatiramer-acetate", relapsed=True),),
        (EarlierTreatment("dimethyl-fumarate", relapsed=False, not_tolerated=True),),
    ]
)
maybe = st.none() | st.integers(0, 5)
persons = st.builds(
    Person,
    age=st.none() | st.integers(18, 50),
    sex=st.none() | st.sampled_from(Sex),
    years_since_onset=st.none() | st.floats(0, 30).map(lambda years: round(years, 1)),
    relapses_12_months=maybe,
    relapses_24_months=maybe,
    months_since_relapse=st.none() | st.floats(0, 60).map(lambda months: round(months, 1)),
    edss=st.none() | st.sampled_from([0.0, 1.0, 2.5, 3.0]),
    enhancing_lesions=st.none() | st.booleans(),
    earlier_treatments=histories,
)
anybody = st.builds(
    replace,
    persons,
    age=st.none() | st.integers(5, 90),
    course=st.none() | st.sampled_from(CourseOfDisease),
    walking=st.none() | st.sampled_from(Walking),
    edss=st.none() | st.sampled_from([0.0, 3.0, 6.0, 9.5]),
    pregnancy=st.none() | st.sampled_from(PregnancyPlan),
    conditions=st.none() | st.sets(st.sampled_from(["stroke-ever", "hiv", "cancer-now"])).map(frozenset),
)
criteria = st.sampled_from([one.id for one in CRITERIA])
wishes = st.builds(
    Values,
    matters=st.none() | st.lists(criteria, unique=True, min_size=1, max_size=5).map(tuple),
    order=st.just(())
    | st.lists(criteria, unique=True, min_size=2, max_size=4).map(lambda ids: tuple((i,) for i in ids)),
)
amounts = st.sampled_from([0.5, 1.0, 2.0, 12.0])
trades = st.lists(criteria, min_size=2, max_size=2, unique=True).flatmap(
    lambda pair: st.builds(
        TradeOff, st.just(pair[0]), amounts, st.just(pair[1]), amounts, st.sampled_from(TradeOffAnswer)
    )
)
every_wish = st.builds(
    Values,
    matters=st.none() | st.lists(criteria, unique=True, min_size=1).map(tuple),
    order=st.lists(criteria, unique=True, max_size=3).map(lambda ids: tuple((i,) for i in ids)),
    trade_offs=st.lists(trades, max_size=2).map(tuple),
    limits=st.lists(st.builds(Limit, criteria, amounts), max_size=2).map(tuple),
)
