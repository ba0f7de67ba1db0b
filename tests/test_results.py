"""Running analyses on what the store holds: inputs, memory, what is missing."""

from datetime import UTC, datetime

import pytest

from geo_app.origin import Import, Origin
from geo_app.results import compute, picture, trace
from geo_app.store import Store
from layers import ANALYSES, LAYERS, MissingLayerError

from . import towns

COVERAGE = ANALYSES["coverage"]
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/town.sqlite", crs=towns.CRS) as opened:
        yield opened


def fill(store, town, *, invented=False):
    origin = Origin(file="town.gpkg", invented=invented)
    store.write([Import(LAYERS[name], table, origin) for name, table in town.items()], at=NOON)


def ask(store, **text):
    return compute(store, COVERAGE, COVERAGE.parse(text))


def test_an_answer_names_its_inputs(store):
    """Every layer that was read is told, with its hash; those that are missing are not."""
    fill(store, towns.main_street())
    computed = ask(store, minutes="4")
    assert computed.result.figure("people_covered").value == 60
    assert {p.layer for p in computed.inputs} == {
        "population", "streets", "meeting_places", "districts"
    }  # fmt: skip
    assert not computed.invented


def test_an_answer_names_no_places_that_nobody_asked_for(store):
    """Who asks for meeting places reads nothing of counselling, and the other way round."""
    fill(
        store,
        towns.main_street()
        | {"counselling_services": LAYERS["counselling_services"].empty(towns.CRS)},
    )
    asked = {reach: {p.layer for p in ask(store, reach=reach).inputs} for reach in
             ("meeting_places", "counselling_services")}  # fmt: skip
    assert "counselling_services" not in asked["meeting_places"]
    assert "meeting_places" not in asked["counselling_services"]
    assert "counselling_services" in asked["counselling_services"]


def test_invented_data_are_known_by_every_answer(store):
    """One invented layer is enough."""
    fill(store, towns.main_street(), invented=True)
    assert ask(store).invented


def test_the_same_question_is_answered_from_memory(store):
    """The very same result comes back; another question gives another."""
    fill(store, towns.main_street())
    assert ask(store).result is ask(store, minutes="15").result
    assert ask(store).result is not ask(store, minutes="14").result


def test_a_new_import_changes_the_answer(store):
    """Memory is kept per version: without its library the town is without a place."""
    fill(store, towns.main_street())
    assert ask(store).result.figure("people_covered").value == 150
    fill(store, {"meeting_places": towns.main_street()["meeting_places"].iloc[:0]})
    assert ask(store).result.figure("people_covered").value == 0


def test_missing_layers_are_all_named(store):
    """An empty store lacks people and streets; both are said at once."""
    with pytest.raises(MissingLayerError) as caught:
        ask(store)
    assert caught.value.layers == ("population", "streets")


def test_walks_and_reaches_are_drawn_by_id(store):
    """A cell gives a line, a place an area; an id that does not exist is a LookupError."""
    fill(store, towns.main_street())
    values = COVERAGE.parse({"minutes": "4"})
    assert trace(store, COVERAGE, values, "3").geometry.length.tolist() == pytest.approx([333])
    assert set(picture(store, COVERAGE, values, "0").geom_type) == {"MultiPolygon"}
    for draw in (trace, picture):
        with pytest.raises(LookupError):
            draw(store, COVERAGE, values, "no such id")
