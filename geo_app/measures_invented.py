"""Measures of the invented town: each is planned, fixed, carried out and answered as real ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from geopandas import GeoDataFrame

from layers.days import day_of
from layers.measure_answers import SUGGESTED
from layers.measures import Answer, Indicator, Measure, Plan, Status

from .languages import FALLBACK, say
from .measuring import seen, suggestions
from .store import Measures, Store, Themes
from .store.measure_marks import marks_to_count
from .trial import PREVENTION as BY

DAY = timedelta(days=1)
AROUND = 20
"""Zone around the places [m]: the true spots lie close together."""
THEME = ("Gut beleuchtete Wege", "Wege, auf denen man abends sieht und gesehen wird.")
FACTORS = ("poor_light", "no_overview", "no_one_around", "overgrown")


def live_measures(store: Store, truth: GeoDataFrame, *, at: datetime) -> int:
    """
    Write down some measures, if the store holds none.

    One is planned where too few marks come to tell anything, one is running,
    one is judged and could not be told apart from chance, one has no place.

    Parameters
    ----------
    store
        With the invented town and its marks.
    truth
        What `layers.sample_town.marks.sample_marks` returns with the marks, in
        the system of the store.
    at
        Now; measures began in the past.

    Returns
    -------
    count
        How many were made.
    """
    measures = Measures(store)
    if measures.all():
        return 0
    spots = truth[truth["what"] == "spot"].set_index("name").geometry
    theme = _theme(store, at)
    plans = list(_plans(spots, theme, at))
    for plan, begun in plans:
        _live(store, plan, begun, at)
    return len(plans)


def _theme(store: Store, at: datetime) -> int:
    themes = Themes(store)
    fitting = [one for one in themes.all() if "poor_light" in one.factors]
    if fitting:
        return fitting[0].id
    since = at - 200 * DAY
    name, about = THEME
    made = themes.add(name, about=about, factors=FACTORS, from_on=day_of(since), by=BY, at=since)
    return made.id


def _plans(spots: Any, theme: int, at: datetime) -> Iterable[tuple[Plan, bool]]:
    """Yield plans, and whether they have begun."""
    today = day_of(at)
    lit = Plan(
        name="Licht am Fußweg",
        about="Sechs neue Leuchten, warmes Licht, bis 1 Uhr in voller Stärke.",
        kind="lighting", theme_id=theme, project="Abendwege 2026", office="street_lighting",
        cost=21_500, funding="Haushalt der Stadt", factors=("poor_light", "no_one_around"),
        expected=50, expects="Wege nach Hause, die man auch im Dunkeln nimmt.",
        baseline="before", buffer=AROUND, place_words="Fußweg am Stadtrand",
    )  # fmt: skip
    if "unlit path" in spots.index:
        span: dict[str, Any] = {"from_on": today - 100 * DAY, "until_on": today - DAY}
        yield replace(lit, places=spots["unlit path"], **span), True
    if "overgrown path" in spots.index:
        span = {"from_on": today - 20 * DAY, "until_on": today + 80 * DAY}
        yield replace(
            lit, name="Hecken zurückschneiden", kind="greenery", office="green_spaces",
            about="Zweimal im Jahr, auf Sichthöhe.", cost=4_200, project="",
            factors=("overgrown", "no_overview"), places=spots["overgrown path"],
            place_words="Zugewachsener Weg im Grünzug", **span,
        ), True  # fmt: skip
    if "underpass" in spots.index:
        span = {"from_on": today + 30 * DAY, "until_on": today + 150 * DAY}
        yield replace(
            lit, name="Unterführung aufhellen", about="Helle Wände, blendfreies Licht, Spiegel.",
            factors=("poor_light", "no_overview"), cost=None, project="",
            funding="Städtebauförderung, beantragt", places=spots["underpass"],
            place_words="Unterführung", **span,
        ), False  # fmt: skip
    yield Plan(
        name="Beratung auch am Abend",
        about="Zwei Abende in der Woche mehr, in vier Sprachen.",
        kind="counselling", office="prevention", cost=38_000, funding="Land und Stadt",
        expects="Mehr Menschen finden früher Rat.",
        from_on=today - 120 * DAY, until_on=today - 20 * DAY, baseline="before",
        indicators=(
            Indicator("Beratungen", 64, 97), Indicator("davon am Abend", 9, 33, 64, 97),
        ),
    ), True  # fmt: skip


def _live(store: Store, plan: Plan, begun: bool, at: datetime) -> None:  # noqa: FBT001
    measures = Measures(store)
    first = at - (day_of(at) - (plan.from_on or day_of(at)))
    planned = min(at, first) - 30 * DAY
    made = measures.add(plan, by=BY, at=planned)
    if plan.places is not None:
        _, found = suggestions(store, made, measures.all(), at=planned)
        if not found:
            return
        control = replace(plan, control=found[0].area, control_words=found[0].why)
        made = measures.change(made.id, control, on=1, by=BY, at=planned)
    if not begun:
        return
    _fix_and_begin(measures, made, first)
    if plan.until_on is not None and plan.until_on < day_of(at):
        _judge(store, measures, made.id, at)


def _fix_and_begin(measures: Measures, made: Measure, first: datetime) -> None:
    on = len(measures.history(made.id))
    measures.fix(made.id, on=on, by=BY, at=first - 10 * DAY)
    measures.move(made.id, Status.RUNNING, on=on + 1, by=BY, at=first)


def _judge(store: Store, measures: Measures, id_: int, at: datetime) -> None:
    on = len(measures.history(id_))
    now = measures.move(id_, Status.DONE, on=on, by=BY, at=at - DAY)
    found = seen(now, marks_to_count(store, at=at), at=at).evidence
    words = say(SUGGESTED[found.kind], FALLBACK)
    told = {"counts": [one.told for one in found.counts]}
    said = Answer(at, found.kind, found.finding, words, told)
    measures.answer(id_, said, on=on + 1, by=BY)
