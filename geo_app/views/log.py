"""The public log of moderation: numbers per month, never a single mark."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from flask import Response, make_response, render_template

from layers import Text
from layers.marks import REJECTIONS
from layers.moderation_log import Shown, monthly, reasons

from ..access import public
from ..clock import now
from ..languages import current, number, say
from .moderation import bp, marks, settings

A_YEAR = timedelta(days=366)
COLUMNS = (
    Text("Month"),
    Text("Received"),
    Text("Accepted"),
    Text("Not accepted"),
    Text("Median days to the first answer"),
)


@bp.get("/log")
@public
def log() -> str:
    """Received, accepted and rejected marks of a year, by month and by reason."""
    cases = marks().cases(now() - A_YEAR)
    return render_template(
        "moderation_log.html",
        months=monthly(cases),
        reasons=reasons(cases),
        rejections=REJECTIONS,
        columns=COLUMNS,
        service_days=settings().service_days,
        told=_told,
    )


@bp.get("/log.csv")
@public
def log_file() -> Response:
    """Send the same as a file."""
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";" if current() == "de" else ",")
    rows.writerow([say(column) for column in COLUMNS])
    cases = marks().cases(now() - A_YEAR)
    for one in monthly(cases):
        days = "" if one.median_days is None else number(one.median_days)
        counts = [_told(n) for n in (one.received, one.published, one.rejected)]
        rows.writerow([one.month, *counts, days])
    rows.writerow([])
    rows.writerow([say(Text("Why marks were not accepted")), say(Text("Marks"))])
    for reason, shown in reasons(cases).items():
        rows.writerow([say(REJECTIONS[reason]), _told(shown)])
    answer = make_response("\ufeff" + written.getvalue())
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="moderation.csv"'
    return answer


def _told(shown: Shown) -> str:
    return say(shown.why) if shown.value is None else number(shown.value, 0)
