"""The invented town is walked by night once: three raters, a middling agreement, told as such."""

from dataclasses import replace

import numpy as np
import pytest

from geo_app import create_app, ranking
from geo_app.config import Settings
from geo_app.origin import Import, Origin
from geo_app.store import MarkStore, Store, WalkRatings, Walks
from geo_app.store.marks_invented import live
from geo_app.store.walk_ratings import conflicts, table
from geo_app.store.walks_kept import DRAFT, FINISHED
from geo_app.themes_invented import live_themes
from geo_app.views.walks_done import DRAWS, SEED
from geo_app.walks_invented import LIMIT, live_walks
from layers import LAYERS
from layers.agreement import TENTATIVE
from layers.audits import ITEMS, agreements
from layers.priorities_parts import rated
from layers.sample_town import sample_town
from layers.sample_town.marks import sample_marks

from .staff import AT, signed_in, staffed


@pytest.fixture(scope="module")
def town():
    """Return the tables of the invented town, and the truth behind its marks."""
    tables = sample_town(seed=1)
    return tables, sample_marks(tables, seed=1, at=AT)


def opened(folder, town, *, invented=True):
    """Return settings and a store that holds the town."""
    settings = Settings.from_environment({"GEO_APP_VAR": str(folder)})
    store = Store.open(settings.store, crs=settings.crs)
    origin = Origin(file="town", invented=invented)
    store.write([Import(LAYERS[name], table, origin) for name, table in town.items()], at=AT)
    return settings, store


@pytest.fixture(scope="module")
def walked(town, tmp_path_factory):
    """Return settings and store of the town with its marks, themes and walks."""
    tables, (marks, truth) = town
    settings, store = opened(tmp_path_factory.mktemp("walked"), tables)
    live(MarkStore(store, settings), marks, at=AT)
    live_themes(store, at=AT)
    assert live_walks(store, truth, seed=1, at=AT) == 2
    yield settings, store
    store.close()


def test_one_walk_is_finished_and_one_is_planned_for_a_day_to_come(walked):
    _, store = walked
    ahead, done = Walks(store).listed()
    assert (done.state, ahead.state) == (FINISHED, DRAFT)
    assert 6 <= len(done.stops) <= 8
    assert done.raters == 3
    assert done.route["dark"] > 100
    assert done.walked_on < AT.date() < ahead.planned_on
    assert len(ahead.stops) >= 3
    assert max(done.route["metres"], ahead.route["metres"]) <= LIMIT


def test_its_results_are_in_the_layer_and_are_invented(walked):
    _, store = walked
    told = store.read("audits")
    assert store.provenance("audits").invented
    assert len(told) == len(Walks(store).listed()[-1].stops)
    assert sorted(told.raters.unique()) == [2, 3]
    assert told.light.min() < 1 < told.light.max()


def test_the_raters_agree_middlingly_and_contradict_themselves_nowhere(walked):
    """As its page draws it: neither chance nor one mind, and the interval is told."""
    _, store = walked
    sent = WalkRatings(store).all(Walks(store).listed()[-1].id)
    found = agreements(table(sent), draws=DRAWS, seed=SEED)[""]
    assert not conflicts(sent)
    assert 0.5 < found.alpha < 0.8
    assert found.low < TENTATIVE < found.high
    assert any(one.note for one in sent)
    assert any(len(one.items) < len(ITEMS) for one in sent)


def test_the_same_seed_gives_the_same_walk_and_only_once(town, tmp_path):
    """Rating for rating, by its own number; another seed rates otherwise."""
    tables, (_, truth) = town
    sent = []
    for number, seed in enumerate((1, 1, 2)):
        _, store = opened(tmp_path / str(number), tables)
        assert live_walks(store, truth, seed=seed, at=AT) == 2
        assert live_walks(store, truth, seed=seed, at=AT) == 0
        done = Walks(store).listed()[-1]
        ratings = WalkRatings(store).all(done.id)
        sent.append([replace(one, received_at=None) for one in ratings])
        store.close()
    assert sent[0] == sent[1]
    assert [one.items for one in sent[0]] != [one.items for one in sent[2]]


def test_nobody_invented_walks_in_a_real_city(town, tmp_path):
    tables, (_, truth) = town
    _, store = opened(tmp_path, tables, invented=False)
    assert live_walks(store, truth, seed=1, at=AT) == 0
    assert "audits" not in store.names()
    store.close()


def test_priorities_theme_report_and_results_tell_of_it(walked):
    """Tasks beside its stops have evidence, the report no longer misses a walk."""
    settings, store = walked
    marks = MarkStore(store, settings)
    tasks = ranking.ranking(store, marks, task_days=settings.task_days, at=AT).tasks
    assert np.isfinite(rated(tasks, store.read("audits"))).sum() >= 3
    app = create_app(settings)
    app.testing = True
    pia = signed_in(staffed(app), "pia")
    every = app.extensions["themes"].all()
    theme = next(one.id for one in every if "poor_light" in one.factors)
    report = pia.get(f"/prevention/themes/{theme}/report", headers={"Accept-Language": "en"}).text
    assert "nobody has rated these places together yet" not in report
    results = pia.get("/walks/1/results", headers={"Accept-Language": "en"})
    assert results.status_code == 200
    assert "Krippendorff’s alpha" in results.text
    assert "more or less alike" in results.text
    assert pia.get("/prevention/priorities").status_code == 200
    assert pia.get("/walks/2").status_code == 200
    app.extensions["store"].close()
