"""What becomes of a walk: opened, finished, undone; its results, its sheet, its entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
from flask import redirect, render_template, request, url_for
from pandas import DataFrame
from werkzeug.wrappers import Response

from layers import LayersError, Text
from layers.agreement import sentence
from layers.audits import ITEMS, LEAST_RATERS, STEPS, agreements, by_stop, compare

from .. import night_walks, walk_entries, walk_results, writers
from ..access import person, staff
from ..clock import now
from ..errors import status_of
from ..languages import say
from ..store import Rating, Stop, UnknownWalkError, Walk, WalkError
from ..store.walk_ratings import conflicts, table
from ..store.walks_kept import FINISHED, LATE, LIVE, LONGEST_NOTE
from .city import current_store
from .layers import send
from .walks import (
    WALKING,
    Answer,
    bp,
    day_typed,
    legs_told,
    link_of,
    map_of,
    note,
    page_of,
    ratings,
    walks,
    why_told,
)

DRAWS, SEED = 1000, 1
"""Of the intervals of agreement and of change; the seed is told on the page."""


@bp.post("/<int:id_>/open")
@staff(*WALKING)
def open_(id_: int) -> Answer:
    """Let people rate by the link."""
    return _done(id_, "walk opened", lambda: walks().open(id_, by=person().login, at=now()))


@bp.post("/<int:id_>/close")
@staff(*WALKING)
def close(id_: int) -> Answer:
    """Go back to planning."""
    return _done(id_, "walk closed", lambda: walks().close(id_, by=person().login, at=now()))


@bp.post("/<int:id_>/link")
@staff(*WALKING)
def new_link(id_: int) -> Answer:
    """Make another link; the old one opens nothing any more."""
    return _done(id_, "walk link new", lambda: walks().new_link(id_, by=person().login, at=now()))


@bp.post("/<int:id_>/rename")
@staff(*WALKING)
def rename(id_: int) -> Answer:
    """Give a walk another name or day."""

    def renamed() -> Walk:
        name = request.form.get("name", "")
        return walks().rename(id_, name, day_typed(), by=person().login, at=now())

    return _done(id_, "walk renamed", renamed)


@bp.post("/<int:id_>/delete")
@staff(*WALKING)
def delete(id_: int) -> Answer:
    """Put a walk into the bin."""
    return _done(id_, "walk deleted", lambda: walks().delete(id_, at=now()))


@bp.post("/<int:id_>/bring-back")
@staff(*WALKING)
def bring_back(id_: int) -> Answer:
    """Take a walk out of the bin."""
    return _done(id_, "walk brought back", lambda: walks().bring_back(id_))


@bp.post("/<int:id_>/erase")
@staff(*WALKING)
def erase(id_: int) -> Answer:
    """Erase a walk in the bin with everything rated on it."""
    walks().erase(id_)
    note("walk erased", id_)
    return redirect(url_for("walks.index"), code=303)


@bp.post("/<int:id_>/repeat")
@staff(*WALKING)
def repeat(id_: int) -> Answer:
    """Plan the same stops once more, to compare them later."""
    old = walks().get(id_)
    stops = [Stop(s.x, s.y, s.name, s.why, spot=s.spot) for s in old.stops]
    name = say(Text("{name} (again)", name=old.name[:100]))
    made = walks().add(name, old.settings, by=person().login, at=now(), stops=stops, repeats=old.id)
    planned, route = night_walks.planned(current_store(), old.settings, made.stops)
    walks().plan(
        made.id, settings=old.settings, stops=planned, route=route, on=made.version,
        by=person().login, at=now(),
    )  # fmt: skip
    note("walk made", made.id, f"repeats walk {old.id}")
    return redirect(url_for("walks.show", id_=made.id), code=303)


@bp.get("/<int:id_>/sheet")
@staff(*WALKING)
def sheet(id_: int) -> str:
    """Return the walk on paper: map, stops, boxes to tick."""
    kept = walks().get(id_)
    return render_template(
        "walk_sheet.html", walk=kept, items=ITEMS, steps=STEPS, legs=legs_told(kept),
        map=map_of(kept), **link_of(kept),
    )  # fmt: skip


@bp.get("/<int:id_>/results")
@staff(*WALKING)
def results(id_: int) -> Answer:
    """What was rated: every stop, agreement, versions that contradict each other."""
    return _results(walks().get(id_))


@bp.post("/<int:id_>/finish")
@staff(*WALKING)
def finish(id_: int) -> Answer:
    """Write the results to the layer of night walks."""

    def finished() -> None:
        kept = walks().get(id_)
        if kept.state not in {"open", FINISHED}:
            raise WalkError([Text("open the walk before it is finished")])
        walk_results.finish(
            current_store(), walks(), kept, ratings().all(id_),
            walked_on=_walked_on(), by=person().login, at=now(),
        )  # fmt: skip

    return _judged(id_, "walk finished", finished)


@bp.post("/<int:id_>/reopen")
@staff(*WALKING)
def reopen(id_: int) -> Answer:
    """Undo the results: take them out of the layer, let people rate again."""

    def reopened() -> None:
        walk_results.reopen(current_store(), walks(), walks().get(id_), by=person().login, at=now())

    return _judged(id_, "walk reopened", reopened)


@bp.post("/<int:id_>/decide")
@staff(*WALKING)
def decide(id_: int) -> Answer:
    """Let one version of a rating count, one that came late not; or erase a note."""
    chosen = request.form.get("rating", "")
    if request.form.get("do") == "dismiss":
        return _judged(id_, "walk rating dismissed", lambda: ratings().dismiss(id_, chosen))
    if request.form.get("do") == "blank":
        return _judged(id_, "walk note erased", lambda: ratings().blank(id_, chosen))
    return _judged(id_, "walk rating chosen", lambda: ratings().decide(id_, chosen))


@bp.get("/<int:id_>/paper")
@staff(*WALKING)
def paper(id_: int) -> Answer:
    """Ask for what somebody wrote on a sheet."""
    return _paper(walks().get(id_))


@bp.post("/<int:id_>/paper")
@staff(*WALKING)
def typed_in(id_: int) -> Answer:
    """Keep a sheet that was typed in."""
    kept = walks().get(id_)
    number = request.form.get("sheet", 0, type=int)
    try:
        if not 1 <= number <= 999:
            raise WalkError([Text("number the sheets, from 1 to 999")])
        told = walk_entries.of_sheet(kept, request.form, at=now())
        ratings().typed(id_, f"#{number}", told, at=now())
    except LayersError as error:
        return _paper(kept, error.faults), status_of(error)
    note("walk sheet typed in", id_, f"sheet {number}")
    return redirect(url_for("walks.results", id_=id_), code=303)


@bp.post("/<int:id_>/file")
@staff(*WALKING)
def handed_in(id_: int) -> Answer:
    """Keep the file that a device has saved because it could not send."""

    def kept() -> None:
        file = request.files.get("file")
        told = walk_entries.read(file.read() if file else b"")
        one = walk_entries.ratings_of(told.entries, at=now())
        if not one:
            raise WalkError([Text("nothing was filled in")])
        ratings().receive(walks().get(id_).token, told.word, one, at=now())

    return _judged(id_, "walk file handed in", kept)


@bp.get("/<int:id_>/download.<extension>")
@staff(*WALKING)
def download(id_: int, extension: str) -> Response:
    """Send the stops with what was rated there as a file, without notes."""
    kept = walks().get(id_)
    frame = by_stop(table(ratings().all(id_)))
    rows = night_walks.results_table(current_store(), kept, frame)
    about = (
        (say(Text("Name")), kept.name),
        (say(Text("Not in these data")), say(walk_results.LAYER.absent)),
    )
    document = writers.Document(f"walk-{id_}", kept.name, rows, about)
    return send(document, extension)


def _done(id_: int, action: str, act: Callable[[], object]) -> Answer:
    try:
        act()
    except UnknownWalkError:
        raise
    except LayersError as error:
        return page_of(walks().get(id_), error.faults, status=status_of(error))
    note(action, id_)
    return redirect(url_for("walks.show", id_=id_), code=303)


def _judged(id_: int, action: str, act: Callable[[], object]) -> Answer:
    try:
        act()
    except UnknownWalkError:
        raise
    except LayersError as error:
        return _results(walks().get(id_), error.faults), status_of(error)
    note(action, id_)
    return redirect(url_for("walks.results", id_=id_), code=303)


def _walked_on() -> date:
    try:
        return date.fromisoformat(request.form.get("walked_on", ""))
    except ValueError:
        raise WalkError([Text("write days like 2026-05-31")]) from None


def _paper(kept: Walk, faults: Sequence[Text] = ()) -> str:
    return render_template(
        "walk_paper.html", walk=kept, items=ITEMS, steps=STEPS, faults=faults,
        typed=request.form, most=LONGEST_NOTE,
    )  # fmt: skip


def _results(kept: Walk, faults: Sequence[Text] = ()) -> str:
    every = ratings().all(kept.id)
    counted = table(every)
    stops = by_stop(counted)
    names = {one.id: one for one in (*kept.stops, *kept.taken_out)}
    found = agreements(counted, draws=DRAWS, seed=SEED)
    return render_template(
        "walk_results.html",
        walk=kept,
        faults=faults,
        items=ITEMS,
        stops=[(one, _row(stops, one)) for one in (*kept.stops, *kept.taken_out)],
        agreements={name: (one, sentence(one)) for name, one in found.items()},
        least=LEAST_RATERS,
        alone=int((stops["raters"] < LEAST_RATERS).sum()),
        conflicts=[_contradiction(names, pair, two) for pair, two in conflicts(every).items()],
        late=[(names[one.stop], one) for one in every if one.state == LATE],
        notes=[
            (names[one.stop], one, walk_entries.personal(one.note))
            for one in every
            if one.state == LIVE and one.note
        ],
        before=_before(kept, counted),
        map=map_of(kept),
        day=walk_results.day_walked(kept, every, at=now()),
        seed=SEED,
        draws=DRAWS,
        formats=writers.FORMATS,
        finished=FINISHED,
        why=why_told,
    )


def _row(stops: DataFrame, one: Stop) -> dict[str, Any] | None:
    """Return what was rated at a stop, or None."""
    if one.id not in stops.index:
        return None
    return {str(name): value for name, value in stops.loc[one.id].items()}


def _contradiction(
    names: dict[int | None, Stop], pair: tuple[int, int], versions: Sequence[Rating]
) -> dict[str, Any]:
    """Return versions of one rating, and the items on which they differ."""
    differ = [n for n in ITEMS if len({one.items.get(n) for one in versions}) > 1]
    return {"stop": names[pair[0]], "rater": pair[1], "versions": versions, "items": differ}


def _before(kept: Walk, counted: DataFrame) -> dict[str, Any] | None:
    """Compare a repeated walk with the one before it."""
    if kept.repeats is None:
        return None
    try:
        old = walks().get(kept.repeats)
    except UnknownWalkError:
        return None
    pair = [
        _by_spot(one, by_stop(rated))
        for one, rated in ((old, table(ratings().all(old.id))), (kept, counted))
    ]
    told = compare(*pair, draws=DRAWS, seed=SEED)
    shown = told[told["stops"] > 0]
    rows = {str(name): row for name, row in shown.replace({np.nan: None}).to_dict("index").items()}
    return {"walk": old, "rows": rows}


def _by_spot(walk: Walk, frame: DataFrame) -> DataFrame:
    spots = {one.id: one.spot for one in (*walk.stops, *walk.taken_out)}
    return frame.assign(stop=[str(spots[int(number)]) for number in frame.index])
