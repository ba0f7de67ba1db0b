"""Which HTTP status each error becomes, and how it is told; the only place that knows both."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from layers import (
    InfeasibleError,
    LayersError,
    MissingLayerError,
    ParameterError,
    TableError,
    Text,
)
from layers.errors import MarkError, TransitionError

from .access import RoleError
from .languages import say
from .replays import RecordError
from .results import NotReadyError
from .security import of_marks
from .session import FormError
from .store import (
    CodeError,
    LoginError,
    MeanwhileError,
    MeasureError,
    PeopleError,
    PresenceError,
    QueueFullError,
    RevealError,
    ScenarioError,
    ThemeError,
    UnknownJobError,
    UnknownMarkError,
    UnknownMeasureError,
    UnknownPlanError,
    UnknownScenarioError,
    UnknownThemeError,
    UnknownWalkError,
    WalkError,
)

STATUS: dict[type[LayersError], int] = {
    ParameterError: 400,
    MissingLayerError: 409,
    TableError: 422,
    MarkError: 422,
    TransitionError: 422,
    InfeasibleError: 422,
    PeopleError: 422,
    CodeError: 404,
    UnknownMarkError: 404,
    UnknownScenarioError: 404,
    MeanwhileError: 409,
    ScenarioError: 422,
    UnknownMeasureError: 404,
    MeasureError: 422,
    UnknownThemeError: 404,
    ThemeError: 422,
    UnknownPlanError: 404,
    PresenceError: 422,
    UnknownWalkError: 404,
    WalkError: 422,
    UnknownJobError: 404,
    QueueFullError: 429,
    NotReadyError: 409,
    RecordError: 422,
    LoginError: 403,
    RevealError: 403,
    RoleError: 403,
    FormError: 403,
    LayersError: 500,
}
"""Status of every error of the library; the class that fits best decides."""

TITLES: dict[int, Text] = {
    400: Text("The question cannot be read"),
    401: Text("Sign in first"),
    403: Text("You may not see this page"),
    404: Text("There is no such page"),
    405: Text("This page cannot be used in this way"),
    409: Text("Data are still missing"),
    413: Text("Too much was sent at once"),
    415: Text("This kind of data is not understood"),
    422: Text("The data do not fit"),
    429: Text("Too much at once"),
    500: Text("Something went wrong here"),
}
"""What an error page is called."""

EXPLAINED: dict[int, Text] = {
    400: Text("The browser sent something that this page does not understand."),
    403: Text("Sign in as staff, or go back to the map."),
    404: Text("The address may be mistyped, or the page has moved."),
    405: Text("Open it from the menu above."),
    413: Text("Send less, or split it into parts."),
    415: Text("Send a form or JSON."),
    500: Text("It is not your fault. The error has been written down; please try again later."),
}
"""One sentence where the error itself brings none."""

OTHER = Text("This did not work")


class NotFoundError(LayersError, LookupError):
    """There is no layer, analysis or format of that name; the sentence lists those there are."""


STATUS[NotFoundError] = 404


def status_of(error: LayersError) -> int:
    """Return the status of the nearest class of `error` that the table knows."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def register(app: Flask) -> None:
    """Answer every error in our own look, or as JSON where that was asked for."""
    app.register_error_handler(LayersError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _surprise)


def _ours(error: LayersError) -> Response:
    return _answer(status_of(error), error.faults)


def _http(error: HTTPException) -> Response:
    response = error.get_response()
    if error.code is None or error.code < 400:  # redirects are no errors
        return make_response(response)
    answer = _answer(error.code, _explained(error.code))
    if "Allow" in response.headers:
        answer.headers["Allow"] = response.headers["Allow"]
    return answer


def _surprise(error: Exception) -> Response:
    """Write the error down and tell the reader nothing of its insides."""
    # The rule, not the address: an address may hold the code of a mark.
    current_app.logger.error("unexpected error at %s", request.url_rule, exc_info=error)
    return _answer(InternalServerError.code, _explained(InternalServerError.code))


def _explained(status: int) -> tuple[Text, ...]:
    return (EXPLAINED[status],) if status in EXPLAINED else ()


def _answer(status: int, faults: Sequence[Text]) -> Response:
    title = TITLES.get(status, OTHER)
    if wants_json():
        told = [say(fault) for fault in faults]
        response = jsonify({"status": status, "title": say(title), "faults": told})
    else:
        response = make_response(
            render_template(
                "error.html", title=title, faults=faults, status=status, of_marks=of_marks()
            )
        )
    response.status_code = status
    return response


def wants_json() -> bool:
    """Tell whether a program asks: it prefers JSON to a page."""
    accepted = request.accept_mimetypes
    best = accepted.best_match(["text/html", "application/json", "application/geo+json"])
    return best != "text/html" and accepted[best or ""] > accepted["text/html"]
