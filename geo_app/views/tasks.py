"""What an office has to do, as a file that may leave the desk: no note, no exact place."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Response, abort, make_response

from layers import Text
from layers.days import day_of
from layers.factors import FACTORS
from layers.marks import DAYTIMES, STATES, WEEKPARTS

from .. import desk
from ..access import staff
from ..clock import now
from ..languages import current, say
from ..store import Kept, Store
from .city import current_store
from .moderation import MOST, bp, marks, wanted

COLUMNS = (
    Text("Reason"),
    Text("Where"),
    Text("When"),
    Text("State"),
    Text("Received"),
)


@bp.get("/tasks.csv")
@staff("moderator")
def tasks() -> Response:
    """Send the open marks of an office, the oldest first; places only as what lies around."""
    which, store = wanted(), current_store()
    if not which.office:
        abort(404)
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";" if current() == "de" else ",")
    rows.writerow([say(column) for column in COLUMNS])
    rows.writerows(_row(one.mark, store) for one in marks().queue(which, at=now(), limit=MOST))
    answer = make_response("\ufeff" + written.getvalue())
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{which.office}.csv"'
    return answer


def _row(one: Kept, store: Store) -> list[Any]:
    times = [DAYTIMES.get(one.daytime), WEEKPARTS.get(one.weekpart)]
    return [
        ", ".join(say(FACTORS[name].label) for name in one.factors if name in FACTORS),
        say(desk.where(one, store)),
        ", ".join(say(time) for time in times if time is not None),
        say(STATES[one.state]),
        day_of(one.received_at).isoformat(),
    ]
