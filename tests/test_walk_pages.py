"""Night walks over the web: planned without a script, rated by a link, refused where it must be."""

import io
import json
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from geo_app.qr_code import qr
from geo_app.store.walks_kept import MOST_STOPS
from layers.audits import ITEMS

from .staff import AT, send, signed_in, staffed, word
from .towns import SOUTH, WEST

ANNA, BERT = "ANNA2345", "BERT2345"


@pytest.fixture
def city(app):
    """The application over one street, with its staff."""
    return staffed(app)


@pytest.fixture
def pia(city):
    """The browser of somebody of the prevention office."""
    return signed_in(city, "pia")


def at(metres):
    """Return a place on the street as the list of places sends it."""
    return {"do": "place", "x": WEST + metres, "y": SOUTH, "name": f"At {metres} m"}


def walk_of(city, id_=1):
    """Return a walk as it is kept."""
    return city.extensions["walks"].get(id_)


def change(browser, city, **data):
    """Send a change of the plan as its page does."""
    return send(browser, "/walks/1/plan", on=walk_of(city).version, **data)


@pytest.fixture
def planned(city, pia):
    """A round of 444 m: from the west end to stops at 111 and 222 m, and back."""
    assert send(pia, "/walks", name="Main Street by night").status_code == 303
    assert change(pia, city, **at(0), **{"as": "start"}).status_code == 303
    for metres in (222, 111):
        assert change(pia, city, **at(metres), **{"as": "stop"}).status_code == 303
    return walk_of(city)


@pytest.fixture
def open_(city, pia, planned):
    """The walk, open for ratings."""
    assert send(pia, "/walks/1/open").status_code == 303
    return walk_of(city, planned.id)


def entry(number, stop, note="", bases=(), **items):
    """Return a rating as a device sends it."""
    ids = [str(UUID(int=n)) for n in (number, *bases)]
    return {
        "id": ids[0], "stop": stop.id, "items": items, "note": note, "bases": ids[1:],
        "at": AT.isoformat(),
    }  # fmt: skip


def rate(client, walk, rater, *entries, version=None):
    """Send ratings as the page of a walk does."""
    return client.post(
        f"/walks/go/{walk.token}/entries",
        json={"word": rater, "version": version or walk.version, "entries": entries},
        headers={"Sec-Fetch-Site": "same-origin", "Accept": "application/json"},
    )


def both_rate(client, walk):
    """Let two people rate both stops, not quite alike."""
    first, second = walk.stops
    rate(client, walk, ANNA, entry(1, first, light=0, path=3), entry(2, second, light=3, path=2))
    rate(client, walk, BERT, entry(3, first, light=1, path=3), entry(4, second, light=3))


def config(client, walk):
    """Return what the page of a walk hands to its script."""
    page = client.get(f"/walks/go/{walk.token}").text
    return json.loads(re.search(r'id="walk" nonce="[^"]*">(.*?)</script>', page, re.DOTALL)[1])


def test_a_walk_is_planned_by_forms_alone(pia, planned):
    """The stops are put in the order of the shortest round, whatever order they came in."""
    assert [one.name for one in planned.stops] in (
        ["At 111 m", "At 222 m"], ["At 222 m", "At 111 m"]
    )  # fmt: skip
    assert planned.route["metres"] == pytest.approx(444)
    page = pia.get("/walks/1").text
    assert "0,4" in page
    assert "At 222 m" in page


@pytest.mark.usefixtures("planned")
def test_a_place_is_found_by_its_name(pia):
    page = pia.get("/walks/1?q=library").text
    assert 'name="as" value="stop"' in page
    assert "Library" in page


@pytest.mark.usefixtures("planned")
def test_a_click_on_the_map_says_the_same_in_degrees(city, pia):
    place = {"do": "place", "as": "end", "longitude": "9.0015", "latitude": "48.75316"}
    answer = change(pia, city, **place)
    assert answer.status_code == 303, answer.text
    assert walk_of(city).settings["end"]["y"] == pytest.approx(SOUTH, abs=300)


@pytest.mark.parametrize(
    "wrong",
    [
        {"do": "place", "as": "stop", "x": "1", "y": "2"},
        {"do": "place", "as": "stop", "x": "nan", "y": "2"},
        {"do": "place", "as": "stop", "x": "", "y": ""},
        {"do": "place", "as": "king", **at(10)},
        {"do": "place", "as": "stop", "longitude": "east", "latitude": "1"},
        {"do": "settings", "walker": "adult", "limit": "99"},
        {"do": "settings", "walker": "adult", "limit": "far"},
        {"do": "settings", "walker": "bird", "limit": "3"},
        {"do": "nothing"},
        {},
    ],
)
def test_what_cannot_be_planned_is_refused_and_nothing_changes(city, pia, planned, wrong):
    answer = change(pia, city, **wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert walk_of(city) == planned


@pytest.mark.usefixtures("planned")
def test_a_walk_longer_than_allowed_is_refused_with_the_metres(city, pia):
    answer = change(pia, city, do="settings", walker="adult", limit="0.4")
    assert answer.status_code == 422
    assert "444 m" in answer.text
    assert "44 m" in answer.text
    assert walk_of(city).settings["limit"] == 3000


def test_a_plan_that_somebody_else_has_changed_is_not_overwritten(city, pia, planned):
    old = planned.version - 1
    answer = send(pia, "/walks/1/plan", on=old, **at(333), **{"as": "stop"})
    assert answer.status_code == 409
    assert len(walk_of(city).stops) == 2


def test_stops_are_taken_out_again(city, pia, planned):
    gone = planned.stops[0]
    assert change(pia, city, do="remove", stop=gone.id).status_code == 303
    assert [one.id for one in walk_of(city).stops] == [planned.stops[1].id]


def test_there_is_an_end_to_stops(city, planned):
    store = city.extensions["walks"]
    many = [*planned.stops] * 15
    with pytest.raises(ValueError, match="at most"):
        store.plan(1, settings=planned.settings, stops=[*many, *planned.stops], route={},
                   on=planned.version, by="pia", at=AT)  # fmt: skip
    assert len(many) == MOST_STOPS


@pytest.mark.usefixtures("open_")
@pytest.mark.parametrize(
    "path", ["", "/1", "/1/sheet", "/1/results", "/1/paper", "/1/features", "/1/download.csv"]
)
@pytest.mark.parametrize("login", [None, "mara"])
def test_the_public_and_moderators_see_nothing_of_the_office(city, path, login):
    browser = signed_in(city, login) if login else city.test_client()
    assert browser.get(f"/walks{path}").status_code == (403 if login else 303)


POSTS = ("", "/1/plan", "/1/open", "/1/close", "/1/link", "/1/rename", "/1/delete",
         "/1/bring-back", "/1/erase", "/1/repeat", "/1/finish", "/1/reopen", "/1/decide",
         "/1/paper", "/1/file")  # fmt: skip


@pytest.mark.usefixtures("open_")
@pytest.mark.parametrize("path", POSTS)
def test_every_change_needs_a_form_of_the_session(city, pia, path):
    before = walk_of(city)
    assert pia.post(f"/walks{path}", data={"name": "x"}).status_code == 403
    assert city.test_client().post(f"/walks{path}").status_code == 303
    assert signed_in(city, "mara").post(f"/walks{path}").status_code == 403
    assert walk_of(city) == before


@pytest.mark.usefixtures("planned")
@pytest.mark.parametrize("path", ["/walks/9", "/walks/9/results", "/walks/9/sheet"])
def test_a_walk_that_is_not_there_is_said_so(pia, path):
    assert pia.get(path).status_code == 404


def test_the_link_opens_only_what_is_open(city, pia, planned):
    public = city.test_client()
    assert public.get(f"/walks/go/{planned.token}").status_code == 404
    send(pia, "/walks/1/open")
    assert public.get(f"/walks/go/{planned.token}").status_code == 200
    send(pia, "/walks/1/close")
    assert public.get(f"/walks/go/{planned.token}").status_code == 404
    assert rate(public, planned, ANNA).status_code == 404
    send(pia, "/walks/1/open")
    send(pia, "/walks/1/link")
    assert public.get(f"/walks/go/{planned.token}").status_code == 404
    assert public.get(f"/walks/go/{walk_of(city).token}").status_code == 200


def test_the_page_to_take_along_may_keep_itself_and_nothing_else(city, open_):
    page = city.test_client().get(f"/walks/go/{open_.token}")
    policy = page.headers["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    worker = city.test_client().get("/walks/worker.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert "worker-src" not in city.test_client().get("/").headers["Content-Security-Policy"]


def test_the_page_knows_the_way_and_what_each_step_means(city, open_):
    told = config(city.test_client(), open_)
    assert [one["id"] for one in told["plan"]["stops"]] == [one.id for one in open_.stops]
    assert told["plan"]["stops"][0]["way"].startswith(("110 m", "220 m"))
    assert [item["name"] for item in told["items"]] == list(ITEMS)
    assert all(len(item["steps"]) == 4 for item in told["items"])


def test_nobody_needs_an_account_to_rate_and_sending_twice_is_sending_once(city, open_):
    public, one = city.test_client(), entry(1, open_.stops[0], light=2)
    for _ in range(2):
        told = rate(public, open_, ANNA, one).get_json()
        assert told["number"] == 1
        assert [o["state"] for o in told["outcomes"]] == ["kept"]
        assert [m["items"] for m in told["mine"]] == [{"light": 2}]
    assert len(city.extensions["walk_ratings"].all(1)) == 1


def test_a_device_learns_that_the_plan_has_changed(city, pia, open_):
    public = city.test_client()
    assert rate(public, open_, ANNA).get_json()["plan"] is None
    change(pia, city, do="remove", stop=open_.stops[0].id)
    plan = rate(public, open_, ANNA).get_json()["plan"]
    assert plan["version"] == open_.version + 1
    assert [one["id"] for one in plan["stops"]] == [open_.stops[1].id]


def test_a_note_with_a_personal_detail_is_told_to_who_wrote_it(city, open_):
    doubtful = entry(1, open_.stops[0], note="Frau Beispiel wohnt hier")
    told = rate(city.test_client(), open_, ANNA, doubtful).get_json()["outcomes"][0]
    assert told["state"] == "kept"
    assert "Frau Beispiel" in told["personal"][0]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"word": "ANNA2345", "entries": [{}]}',
        b'{"word": "ANNA2345", "more": 1}',
        b'{"word": "ANNA2345", "version": "1"}',
        b'{"word": "anna", "entries": []}',
        b'{"word": "ANNA2345", "entries": [{"id": "x", "stop": true, "items": {}, "at": ""}]}',
    ],
)
def test_what_no_page_of_ours_sends_is_refused(city, open_, body):
    answer = city.test_client().post(f"/walks/go/{open_.token}/entries", data=body)
    assert answer.status_code == 422
    assert not city.extensions["walk_ratings"].all(1)


def test_entries_of_other_sites_are_refused(city, open_):
    answer = city.test_client().post(
        f"/walks/go/{open_.token}/entries",
        json={"word": ANNA, "entries": []},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403


def test_one_connection_cannot_send_without_end(city, open_, monkeypatch):
    monkeypatch.setattr("geo_app.views.walks_go.SENT_HOURLY", 2)
    public = city.test_client()
    assert [rate(public, open_, ANNA).status_code for _ in range(3)] == [200, 200, 429]


def test_a_clock_that_goes_wrong_dates_nothing_into_the_future(city, open_):
    late = entry(1, open_.stops[0], light=1) | {"at": "2099-01-01T00:00:00+00:00"}
    odd = entry(2, open_.stops[1], light=1) | {"at": "yesterday"}
    rate(city.test_client(), open_, ANNA, late, odd)
    assert {one.rated_at for one in city.extensions["walk_ratings"].all(1)} == {AT}


def test_results_tell_medians_and_how_well_raters_agree(city, pia, open_):
    both_rate(city.test_client(), open_)
    page = pia.get("/walks/1/results").text
    assert "0,5" in page
    assert "Krippendorff" in page


def test_one_person_alone_makes_no_result(city, pia, open_):
    rate(city.test_client(), open_, ANNA, entry(1, open_.stops[0], light=1))
    answer = send(pia, "/walks/1/finish", walked_on="2026-05-30")
    assert answer.status_code == 422
    assert "audits" not in city.extensions["store"].names()


def test_a_finished_walk_is_a_layer_without_notes_and_that_is_undone(city, pia, open_):
    public = city.test_client()
    both_rate(public, open_)
    rate(public, open_, BERT, entry(5, open_.stops[1], bases=[4], light=3, note="kiosk shut"))
    assert send(pia, "/walks/1/finish", walked_on="2026-05-30").status_code == 303
    store = city.extensions["store"]
    table = store.read("audits")
    assert sorted(table.light) == [0.5, 3]
    assert set(table.raters) == {2}
    assert set(table.walked_on) == {"2026-05-30"}
    assert "kiosk" not in public.get("/layers/audits/download.csv").text
    assert public.get("/layers/audits").status_code == 200
    assert send(pia, "/walks/1/reopen").status_code == 303
    assert len(store.read("audits")) == 0
    assert walk_of(city).state == "open"


def test_finishing_one_walk_leaves_the_rows_of_others(city, pia, open_):
    public = city.test_client()
    both_rate(public, open_)
    send(pia, "/walks/1/finish", walked_on="2026-05-30")
    send(pia, "/walks/1/repeat")
    again = walk_of(city, 2)
    assert [one.spot for one in again.stops] == [one.spot for one in open_.stops]
    send(pia, "/walks/2/open")
    first, second = again.stops
    for number, rater in ((11, ANNA), (12, BERT)):
        rate(
            public, again, rater, entry(number, first, light=3), entry(number + 9, second, light=3)
        )
    assert send(pia, "/walks/2/finish", walked_on="2026-05-31").status_code == 303
    table = city.extensions["store"].read("audits")
    assert sorted(table.walk) == ["1", "1", "2", "2"]
    assert table.stop.nunique() == 2
    assert "Main Street by night" in pia.get("/walks/2/results").text


@pytest.mark.parametrize("day", ["", "tomorrow", "2026-06-01"])
def test_a_walk_is_not_finished_on_a_day_to_come(city, pia, open_, day):
    both_rate(city.test_client(), open_)
    assert send(pia, "/walks/1/finish", walked_on=day).status_code == 422
    assert walk_of(city).state == "open"


def test_versions_that_contradict_each_other_are_decided_before_the_end(city, pia, open_):
    public = city.test_client()
    both_rate(public, open_)
    rate(public, open_, ANNA, entry(7, open_.stops[0], light=3, path=3))
    page = pia.get("/walks/1/results").text
    chosen = str(UUID(int=7))
    assert chosen in page
    assert send(pia, "/walks/1/finish", walked_on="2026-05-30").status_code == 422
    assert send(pia, "/walks/1/decide", rating=chosen).status_code == 303
    assert send(pia, "/walks/1/finish", walked_on="2026-05-30").status_code == 303
    assert send(pia, "/walks/1/decide", rating="no such").status_code == 404


def test_what_comes_late_waits_for_a_decision(city, pia, open_):
    public = city.test_client()
    both_rate(public, open_)
    send(pia, "/walks/1/finish", walked_on="2026-05-30")
    late = rate(public, open_, "CARL2345", entry(9, open_.stops[0], light=3)).get_json()
    assert late["outcomes"][0]["state"] == "late"
    assert late["state"] == "finished"
    chosen = str(UUID(int=9))
    assert chosen in pia.get("/walks/1/results").text
    send(pia, "/walks/1/decide", rating=chosen, do="dismiss")
    assert chosen not in pia.get("/walks/1/results").text


def test_a_sheet_of_paper_is_one_more_rater(city, pia, open_):
    stop = open_.stops[0].id
    data = {"sheet": "4", f"{stop}-light": "2", f"{stop}-note": "lamp broken"}
    assert send(pia, "/walks/1/paper", **data).status_code == 303
    assert send(pia, "/walks/1/paper", **(data | {f"{stop}-light": "1"})).status_code == 303
    (kept,) = (one for one in city.extensions["walk_ratings"].all(1) if one.state == "live")
    assert kept.items == {"light": 1}
    assert walk_of(city).raters == 1


@pytest.mark.parametrize(
    "wrong", [{}, {"sheet": "0"}, {"sheet": "1"}, {"sheet": "1", "light": "5"}, {"sheet": "x"}]
)
def test_a_sheet_that_says_nothing_is_refused(pia, open_, wrong):
    stop = open_.stops[0].id
    data = {k if k == "sheet" else f"{stop}-{k}": v for k, v in wrong.items()}
    assert send(pia, "/walks/1/paper", **data).status_code == 422


def test_the_file_that_a_phone_has_saved_is_taken_in(city, pia, open_):
    """The same entries may also have come by network: they count once."""
    one = entry(1, open_.stops[0], light=2)
    rate(city.test_client(), open_, ANNA, one)
    content = json.dumps({"word": ANNA, "version": 1, "entries": [one, entry(2, open_.stops[1])]})
    file = (io.BytesIO(content.encode()), "walk.json")
    answer = pia.post("/walks/1/file", data={"form_token": word(pia), "file": file})
    assert answer.status_code == 303
    assert len(city.extensions["walk_ratings"].all(1)) == 2
    broken = (io.BytesIO(b"not a walk"), "walk.json")
    answer = pia.post("/walks/1/file", data={"form_token": word(pia), "file": broken})
    assert answer.status_code == 422


def test_every_step_of_staff_is_written_down(city, pia, open_):
    both_rate(city.test_client(), open_)
    send(pia, "/walks/1/finish", walked_on="2026-05-30")
    done = [one.action for one in city.extensions["people"].audit_log()]
    assert {"walk made", "walk opened", "walk finished"} <= set(done)


@pytest.mark.parametrize("extension", ["csv", "xlsx", "geojson", "gpkg", "parquet"])
def test_results_are_taken_along_as_files_without_notes(city, pia, open_, extension):
    public = city.test_client()
    both_rate(public, open_)
    rate(public, open_, BERT, entry(5, open_.stops[1], bases=[4], note="kiosk shut"))
    answer = pia.get(f"/walks/1/download.{extension}")
    assert answer.status_code == 200
    assert b"kiosk" not in answer.data


def test_staff_see_what_in_a_note_may_be_personal_and_erase_it(city, pia, open_):
    doubtful = entry(1, open_.stops[0], note="Frau Beispiel wohnt hier", light=1)
    rate(city.test_client(), open_, ANNA, doubtful)
    assert "Frau Beispiel" in pia.get("/walks/1/results").text
    assert send(pia, "/walks/1/decide", rating=doubtful["id"], do="blank").status_code == 303
    assert "Frau Beispiel" not in pia.get("/walks/1/results").text


def test_the_sheet_shows_every_stop_with_its_boxes(pia, open_):
    page = pia.get("/walks/1/sheet").text
    assert page.count('class="ticks"') == len(open_.stops) * len(ITEMS)
    assert "<svg" in page


def test_the_bin_is_emptied_for_good(city, pia, open_):
    send(pia, "/walks/1/delete")
    assert city.test_client().get(f"/walks/go/{open_.token}").status_code == 404
    assert send(pia, "/walks/1/bring-back").status_code == 303
    send(pia, "/walks/1/delete")
    assert send(pia, "/walks/1/erase").status_code == 303
    assert pia.get("/walks/1").status_code == 404


@pytest.mark.usefixtures("planned")
def test_a_walk_has_a_name_and_days_are_days(city, pia):
    assert send(pia, "/walks", name=" ").status_code == 422
    assert send(pia, "/walks", name="Walk", planned_on="soon").status_code == 422
    assert send(pia, "/walks/1/rename", name="").status_code == 422
    assert send(pia, "/walks/1/rename", name="Lane", planned_on="2026-11-20").status_code == 303
    assert walk_of(city).name == "Lane"


def test_a_moment_is_kept_whatever_the_zone_of_the_device(city, open_):
    """Devices write in their own zones; the moment is the same."""
    told = entry(1, open_.stops[0], light=1) | {"at": "2026-05-31T13:30:00+02:00"}
    rate(city.test_client(), open_, ANNA, told)
    (kept,) = city.extensions["walk_ratings"].all(1)
    assert kept.rated_at == datetime(2026, 5, 31, 11, 30, tzinfo=UTC)
    assert AT - kept.rated_at == timedelta(minutes=30)


def test_the_link_of_an_open_walk_stands_as_a_picture_on_its_page_and_its_sheet(city, pia, open_):
    """Both draw the address of this walk; a closed walk shows neither."""
    picture = qr(f"http://localhost/walks/go/{open_.token}")
    for path in ("/walks/1", "/walks/1/sheet"):
        page = pia.get(path).text
        assert picture in page
        assert f"http://localhost/walks/go/{open_.token}" in page
    assert send(pia, "/walks/1/close").status_code == 303
    for path in ("/walks/1", "/walks/1/sheet"):
        page = pia.get(path).text
        assert 'class="qr"' not in page
        assert walk_of(city).token not in page


def put_nearest_in_the_middle(browser, city):
    """Move the stop at 111 m between those at 222 and 333 m: the round becomes 888 m long."""
    stops = walk_of(city).stops
    near = next(one for one in stops if one.name == "At 111 m")
    return change(browser, city, do="move", stop=near.id, by=1 if near == stops[0] else -1)


def test_a_stop_is_moved_by_a_button_and_back_again(city, pia, planned):
    first, second = planned.stops
    assert change(pia, city, do="move", stop=first.id, by=1).status_code == 303
    assert [one.id for one in walk_of(city).stops] == [second.id, first.id]
    assert change(pia, city, do="move", stop=first.id, by=-1).status_code == 303
    assert [one.id for one in walk_of(city).stops] == [first.id, second.id]
    assert walk_of(city).route["metres"] == pytest.approx(444)


@pytest.mark.usefixtures("planned")
def test_an_order_of_ones_own_has_its_own_length_until_the_shortest_is_asked_for(city, pia):
    """Stops at 111, 222 and 333 m are 666 m apart at best; 222, 111, 333 takes 888 m."""
    assert change(pia, city, **at(333), **{"as": "stop"}).status_code == 303
    assert walk_of(city).route["metres"] == pytest.approx(666)
    assert 'value="shortest"' not in pia.get("/walks/1").text
    assert put_nearest_in_the_middle(pia, city).status_code == 303
    assert walk_of(city).stops[1].name == "At 111 m"
    assert walk_of(city).route["metres"] == pytest.approx(888)
    assert 'value="shortest"' in pia.get("/walks/1").text
    assert change(pia, city, do="shortest").status_code == 303
    assert walk_of(city).route["metres"] == pytest.approx(666)


@pytest.mark.usefixtures("planned")
def test_an_order_that_is_too_long_is_refused_with_the_metres(city, pia):
    """888 m where 700 m are allowed."""
    assert change(pia, city, **at(333), **{"as": "stop"}).status_code == 303
    assert change(pia, city, do="settings", walker="adult", limit="0.7").status_code == 303
    before = walk_of(city)
    refused = put_nearest_in_the_middle(pia, city)
    assert refused.status_code == 422
    assert "188 m" in refused.text
    assert walk_of(city) == before


@pytest.mark.parametrize("wrong", [{"by": -1}, {"by": 2}, {"by": 0}, {"by": 1, "stop": 77}])
def test_a_stop_is_moved_nowhere_else(city, pia, planned, wrong):
    answer = change(pia, city, **({"do": "move", "stop": planned.stops[0].id} | wrong))
    assert answer.status_code == 422
    assert walk_of(city) == planned
