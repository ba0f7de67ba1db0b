"""One page on a focus theme, to print: marks, walks, measures, effects, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import shapely
from flask import Blueprint, render_template
from geopandas import GeoDataFrame

from layers import Text
from layers.audits import ITEMS, LEAST_STOPS, latest, over_stops
from layers.exact_tests import poisson_interval, share_interval
from layers.factors import FACTORS, OFFICES
from layers.marks import months_before
from layers.measures import STATUSES, Status
from layers.priorities_parts import BESIDE
from layers.theme_marks import LEVEL, by_month, of_factors

from .. import measuring, shelf
from ..access import staff
from ..clock import now, today
from ..measuring import Seen
from ..store import Measures, Theme, Themes
from ..store.measure_marks import marks_to_count
from .city import current_store
from .moderation import marks

bp = Blueprint("theme_report", __name__, url_prefix="/prevention/themes")

READERS = ("prevention", "moderator", "administrator", "planner")
AUDITS = "audits"
MONTHS = 12
DARK = ("night", "dusk")
"""Times of day that are told as dark."""
LEAST = 5
"""A share of fewer marks is not worth telling (assumption)."""


@bp.get("/<int:id_>/report")
@staff(*READERS)
def show(id_: int) -> str:
    """Everything that is known of a theme on one page; what is not known is named."""
    store, theme, day = current_store(), Themes(current_store()).get(id_), today()
    every = of_factors(marks().credible(at=now()), theme.factors)
    year = every[every["received_on"] >= months_before(day, MONTHS).isoformat()]
    counted = marks_to_count(store, at=now())
    mine = [one for one in Measures(store).all() if one.theme_id == theme.id]
    found = [measuring.seen(one, counted, at=now()) for one in mine]
    walked = _walked([*year[year["kind"] == "unsafe"].geometry, *(m.places for m in mine)])
    months = by_month(every, at=day).to_dict("records")
    return render_template(
        "theme_report.html",
        theme=theme,
        day=day,
        unsafe=int((year["kind"] == "unsafe").sum()),
        at_ease=int((year["kind"] == "at_ease").sum()),
        interval=poisson_interval(int((year["kind"] == "unsafe").sum()), LEVEL),
        level=round(100 * LEVEL),
        months=months,
        most=max([1.0, *(month["high"] for month in months)]),
        rows=_by_factor(year, theme),
        walked=walked,
        items=ITEMS,
        means={} if walked is None else over_stops(walked).to_dict("index"),
        beside=BESIDE,
        least_stops=LEAST_STOPS,
        found=found,
        cost=sum(one.cost or 0 for one in mine),
        missing=_missing(theme, year, walked, found),
        factors=FACTORS,
        statuses=STATUSES,
    )


def _by_factor(year: GeoDataFrame, theme: Theme) -> list[dict[str, Any]]:
    """Count the marks of each reason, and which part of them is after dark."""
    unsafe = year[year["kind"] == "unsafe"]
    rows = []
    for name in theme.factors:
        named = of_factors(unsafe, (name,))
        told = named[named["daytime"] != ""]
        dark = int(told["daytime"].isin(DARK).sum())
        enough = len(told) >= LEAST
        rows.append(
            {
                "label": FACTORS[name].label,
                "office": OFFICES[FACTORS[name].office].label,
                "marks": len(named),
                "dark": dark / len(told) if enough else None,
                "between": share_interval(dark, len(told), LEVEL) if enough else None,
            }
        )
    return rows


def _walked(there: Iterable[Any]) -> GeoDataFrame | None:
    """Return what people last rated beside some places; None if nobody has walked there."""
    store = current_store()
    if AUDITS not in store.names():
        return None
    table = latest(shelf.table(store, AUDITS))
    around = shapely.union_all([place for place in there if place is not None])
    beside = table[table.geometry.dwithin(around, BESIDE)]
    return beside if len(beside) else None


def _missing(
    theme: Theme, year: GeoDataFrame, walked: GeoDataFrame | None, found: Sequence[Seen]
) -> list[Text]:
    """Name what nobody knows yet: a page without gaps would be a lie."""
    measures = [one.measure for one in found]
    weak = [m.name for m in measures if m.public and m.places is not None and not m.in_advance]
    unknown_cost = [m.name for m in measures if m.cost is None]
    due = [
        one.measure.name
        for one in found
        if one.measure.answer is None
        and one.measure.status in {Status.DONE, Status.STOPPED}
        and (one.tally is None or one.tally.over)
    ]
    untimed = int(((year["kind"] == "unsafe") & (year["daytime"] == "")).sum())
    told: list[tuple[Text, object]] = [
        (Text("a night walk: nobody has rated these places together yet"), walked is None),
        (Text("marks: nobody has written in the last twelve months"), year.empty),
        (Text("reasons: this theme names none, so no mark belongs to it"), not theme.factors),
        (Text("measures: none is written down for this theme"), not measures),
        (Text("the cost of: {names}", names=tuple(unknown_cost)), unknown_cost),
        (Text("a way of judging laid down in advance for: {names}", names=tuple(weak)), weak),
        (Text("an answer to those who marked this, for: {names}", names=tuple(due)), due),
        (
            Text("the time of day: {count} {count:mark does|marks do} not say it", count=untimed),
            untimed,
        ),
    ]
    return [sentence for sentence, is_so in told if is_so]
