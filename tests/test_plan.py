"""The planner's desk by HTTP: each change counted by pencil, saved, undone, shared, adopted."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from geo_app import whereabouts
from geo_app.commands import sample
from geo_app.languages import say
from geo_app.origin import Import, Origin
from geo_app.session import FIELD
from geo_app.store import People
from geo_app.trial import TRIALS
from geo_app.writers import FORMATS
from layers import LAYERS

from .staff import AT, send, signed_in, staffed, word
from .towns import SOUTH, WEST, places

ASKED = {"query": "minutes=3&kinds=library"}
"""An adult walks 100 s for each block of the street: in 3 minutes one block, not two."""
LIBRARY = "0"
JSON = {"Accept": "application/json"}


@pytest.fixture
def app(app):
    """Return the application over the town of one street, with staff."""
    return staffed(app)


@pytest.fixture
def paul(app):
    """Return the browser of a planner."""
    return signed_in(app, "paul")


@pytest.fixture
def plan(paul):
    """Address of a scenario that asks who reaches a library in three minutes."""
    answer = send(paul, "/plan", name="More libraries", about="Why not", **ASKED)
    assert answer.status_code == 303
    return answer.location


def at(store, east, north=0.0):
    """Return where a spot of the street is, as a click on the map tells it."""
    longitude, latitude = whereabouts.to_degrees(store, WEST + east, SOUTH + north)
    return {"spot": "map", "longitude": f"{longitude:.7f}", "latitude": f"{latitude:.7f}"}


def state(client, plan):
    """Return what the page of a scenario is told."""
    return json.loads(client.get(f"{plan}/state", headers=JSON).data)


def change(client, plan, **fields):
    """Send one change as the form of an up-to-date page does."""
    return send(client, f"{plan}/changes", on=state(client, plan)["on"], **fields)


def fetch(client, address, **fields):
    """Send a form as the script of the page does."""
    return client.post(address, data={FIELD: word(client), **fields}, headers=JSON)


def walks(client, plan):
    """Return the walk after the changes [min] of every cell whose walk changes."""
    cells = state(client, plan)["cells"]
    return dict(zip(cells["row"], cells["minutes"], strict=True))


def text(client, path):
    """Return a page in English."""
    return client.get(path + ("&" if "?" in path else "?") + "lang=en").text


def add_in_the_east(client, store, plan, **more):
    """Add a library at the east end of the street."""
    fields = {"action": "add", "kind": "library", "name": "East", **at(store, 444), **more}
    return change(client, plan, **fields)


# ---- who may ----


@pytest.mark.parametrize(
    "path", ["/plan", "/plan/new?minutes=10", "/plan/1", "/plan/compare?a=1&b=2"]
)
def test_the_public_is_asked_to_sign_in_and_comes_back(client, path):
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.location.startswith("/login?next=/plan")


def test_a_program_is_told_that_it_has_to_sign_in(client):
    answer = client.post("/plan/1/changes", data={"on": 0}, headers=JSON)
    assert answer.status_code == 401


def test_other_staff_may_not_plan(app):
    assert signed_in(app, "mara").get("/plan").status_code == 403
    assert signed_in(app, "ada").get("/plan").status_code == 200


def test_planners_begin_at_their_scenarios(app):
    browser = app.test_client()
    told = {"login": "paul", "password": "lantern meadow kettle"}
    assert browser.post("/login", data=told).location == "/plan"
    assert '<a href="/plan" aria-current="page">' in text(signed_in(app, "paul"), "/plan")


# ---- making one ----


def test_coverage_leads_to_a_scenario_with_the_same_question(client, paul):
    page = client.get("/analyses/coverage?minutes=7&walker=75plus&lang=en").text
    link = re.search(r'href="(/plan/new\?[^"]+)"', page)[1].replace("&amp;", "&")
    asked = text(paul, link)
    assert "within 7 minutes" in asked
    assert "75" in asked


def test_coverage_of_counselling_leads_to_no_scenario(client, store):
    found = LAYERS["counselling_services"].empty(store.crs)
    store.write([Import(LAYERS["counselling_services"], found, Origin(file="x"))], at=AT)
    page = client.get("/analyses/coverage?reach=counselling_services").text
    assert "/plan/new" not in page


def test_a_scenario_without_changes_shows_the_city_as_it_is(paul, plan):
    page = text(paul, plan)
    assert "More libraries" in page
    assert "Why not" in page
    assert "Nothing is changed yet" in page
    assert walks(paul, plan) == {}


def test_a_scenario_needs_a_name_and_what_was_typed_stays(paul):
    answer = send(paul, "/plan", name=" ", about="What I wrote", **ASKED)
    assert answer.status_code == 422
    assert "What I wrote" in answer.text


def test_what_people_type_is_never_markup(paul, store):
    answer = send(paul, "/plan", name="<script>alert(1)</script> {0} {name}", **ASKED)
    add_in_the_east(paul, store, answer.location, name="<b>{x}</b>")
    for page in (text(paul, "/plan"), text(paul, answer.location)):
        assert "<script>alert" not in page
        assert "<b>{x}" not in page
    assert "&lt;b&gt;{x}&lt;/b&gt;" in text(paul, answer.location)


# ---- changes, counted by pencil ----


def test_a_new_place_brings_it_near_to_the_east(paul, store, plan):
    """
    Junction 4 is there already, junction 3 is 100 s away, junction 2 as far as before.

    40 and 50 people live there.
    """
    assert add_in_the_east(paul, store, plan).status_code == 303
    assert walks(paul, plan) == {"4": 0.0, "3": 1.7}
    cells = state(paul, plan)["cells"]
    assert dict(zip(cells["row"], cells["before"], strict=True)) == {"3": 5.0, "4": 6.7}
    page = text(paul, plan)
    assert "1 change" in page
    assert re.search(r"new: East \(library\)", page, re.IGNORECASE)
    assert "90" in re.search(r'id="headline"[^>]*>(.*?)</h2>', page, re.DOTALL)[1]


def test_a_closed_place_leaves_everybody_without(paul, plan):
    """10 and 20 people lose the only library."""
    change(paul, plan, action="close", place=LIBRARY)
    assert walks(paul, plan) == dict.fromkeys("01234")
    page = text(paul, plan)
    assert "30" in re.search(r'id="headline"[^>]*>(.*?)</h2>', page, re.DOTALL)[1]
    change(paul, plan, action="reopen", place=LIBRARY)
    assert walks(paul, plan) == {}


def test_a_place_moved_to_the_middle_is_near_to_others(paul, store, plan):
    """From junction 0 to junction 2: three blocks gain, two lose."""
    change(paul, plan, action="move", place=LIBRARY, **at(store, 222))
    assert walks(paul, plan) == {"0": 3.3, "2": 0.0, "3": 1.7, "4": 3.3}
    [moved] = state(paul, plan)["places"]
    assert moved["properties"]["state"] == "moved"
    assert moved["properties"]["from"][0] < moved["geometry"]["coordinates"][0]


def test_a_place_of_another_kind_does_not_count_any_more(paul, plan):
    change(paul, plan, action="set", place=LIBRARY, kind="park", name="Library")
    assert walks(paul, plan) == dict.fromkeys("01234")
    assert "Kind: park" in text(paul, plan)


def test_only_what_was_changed_about_a_place_is_kept(paul, plan):
    """The form sends all fields; four of five say what they said before."""
    told = {"kind": "library", "name": "Library", "opening_hours": "", "step_free": "yes"}
    change(paul, plan, action="set", place=LIBRARY, capacity="", **told)
    [step] = store_scenarios(paul, plan).changes
    assert step.told["change"]["values"] == {"step_free": "yes"}


def store_scenarios(client, plan):
    """Return a scenario as it is kept."""
    return client.application.extensions["scenarios"].get(int(plan.rsplit("/", 1)[1]))


def test_a_number_may_be_taken_away_again(paul, plan):
    for capacity, kept in (("40", 40), ("", None)):
        assert change(paul, plan, action="set", place=LIBRARY, capacity=capacity).status_code == 303
        last = store_scenarios(paul, plan).changes[-1]
        assert last.told["change"]["values"] == {"capacity": kept}
    assert "not known" in text(paul, plan)


def test_a_place_is_found_by_name_and_a_new_one_put_beside_it_without_a_script(paul, plan):
    page = text(paul, f"{plan}?q=Libra")
    assert "Which one is meant?" in page
    change(paul, plan, action="add", kind="library", q="Libra", spot="0", name="Annex")
    assert "Annex" in text(paul, plan)
    page = text(paul, f"{plan}?find=libr")
    assert f"{plan}?place={LIBRARY}" in page
    assert 'value="Library"' in text(paul, f"{plan}?place={LIBRARY}")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"action": "add", "kind": "library"}, "no position"),
        ({"action": "add", "kind": "library", "longitude": "x", "latitude": "1"}, "no position"),
        ({"action": "add", "kind": "", "longitude": "9", "latitude": "48.7"}, "kind of place"),
        ({"action": "add", "kind": "library", "longitude": "2", "latitude": "2"}, "outside"),
        ({"action": "move", "place": LIBRARY, "q": "nowhere at all", "spot": "7"}, "no position"),
        ({"action": "close", "place": "nobody"}, "no place"),
        ({"action": "close"}, "no place"),
        ({"action": "reopen", "place": LIBRARY}, "not closed"),
        ({"action": "set", "place": LIBRARY, "name": "Library"}, "nothing was changed"),
        ({"action": "set", "place": LIBRARY, "capacity": "many"}, "number"),
        ({"action": "set", "place": LIBRARY, "step_free": "perhaps"}, "perhaps"),
        ({"action": "burn", "place": LIBRARY}, "not a change"),
        ({}, "not a change"),
    ],
)
def test_a_change_that_does_not_fit_is_told_and_nothing_is_saved(paul, plan, fields, said):
    told = {FIELD: word(paul), "on": 0, **fields}
    answer = paul.post(f"{plan}/changes?lang=en", data=told)
    assert answer.status_code == 422
    assert said in answer.text
    assert store_scenarios(paul, plan).path == ()


def test_tables_speak_the_readers_language_in_german(paul, store, plan):
    """Groups and what becomes of a place are our words; names of places are not."""
    add_in_the_east(paul, store, plan)
    page = paul.get(f"{plan}?lang=de").text
    assert re.search(r"<th scope=\"row\">Menschen</th>", page)
    assert re.search(r"<td>neu</td>", page)
    assert "outside" not in page


def test_steps_that_an_analysis_made_are_told_by_what_the_list_says(app, paul, plan):
    """They keep nothing of what a place was before."""
    told = {"change": {"action": "close", "place": LIBRARY}, "was": None}
    app.extensions["scenarios"].append(1, "change", told, on=0, by="paul", at=AT)
    told = {"change": {"action": "add", "place": "new-1", "x": WEST, "y": SOUTH,
                       "values": {"kind": "library"}}, "was": None}  # fmt: skip
    app.extensions["scenarios"].append(1, "change", told, on=1, by="paul", at=AT)
    page = text(paul, plan)
    assert "Library: closed" in page
    assert "a place without a name (library)" in page
    assert "Library: closed" in text(paul, f"{plan}/adopt")


# ---- undo, redo, take back ----


def test_undo_and_redo_by_forms(paul, store, plan):
    add_in_the_east(paul, store, plan)
    send(paul, f"{plan}/undo", on=1)
    assert walks(paul, plan) == {}
    send(paul, f"{plan}/redo", on=0)
    assert walks(paul, plan) == {"4": 0.0, "3": 1.7}


def test_one_change_is_taken_back_but_not_one_that_others_build_on(paul, store, plan):
    add_in_the_east(paul, store, plan)
    change(paul, plan, action="close", place=LIBRARY)
    new = state(paul, plan)["places"][0]["id"]
    change(paul, plan, action="move", place=new, **at(store, 333))
    assert send(paul, f"{plan}/drop", on=3, number=1).status_code == 422
    assert send(paul, f"{plan}/drop", on=3, number=99).status_code == 422
    assert send(paul, f"{plan}/drop", on=3, number=2).status_code == 303
    assert walks(paul, plan) == {"2": 1.7, "3": 0.0, "4": 1.7}


def test_the_question_is_kept_with_the_scenario_and_can_be_undone(paul, plan):
    """Within 2 minutes of another kind of walk: the sentence changes, undo brings it back."""
    send(paul, f"{plan}/question", on=0, minutes="12", kinds="library", group="residents")
    assert "within 12 minutes" in re.sub(r"<[^>]+>", "", text(paul, plan)).replace("\n", " ")
    send(paul, f"{plan}/undo", on=1)
    assert "minutes=3" in state(paul, plan)["query"]


def test_a_scenario_cannot_be_judged_by_counselling(paul, plan):
    answer = send(paul, f"{plan}/question", on=0, reach="counselling_services")
    assert answer.status_code == 400
    assert store_scenarios(paul, plan).path == ()


# ---- two people ----


def test_two_people_at_one_scenario_lose_nothing(app, paul, store, plan):
    """Ada opened the page before Paul closed the library; her change waits for her."""
    ada = signed_in(app, "ada")
    change(paul, plan, action="close", place=LIBRARY)
    fields = {"action": "add", "kind": "library", "name": "East", **at(store, 444)}
    answer = send(ada, f"{plan}/changes", on=0, **fields)
    assert answer.status_code == 409
    assert "paul" in answer.text
    assert 'name="name" value="East"' in answer.text
    assert 'name="on" value="1"' in answer.text
    assert len(store_scenarios(paul, plan).path) == 1
    send(ada, f"{plan}/changes", on=1, **fields)
    assert len(store_scenarios(paul, plan).path) == 2


def test_the_script_is_told_that_somebody_was_quicker(paul, plan):
    change(paul, plan, action="close", place=LIBRARY)
    answer = fetch(paul, f"{plan}/changes", on=0, action="reopen", place=LIBRARY)
    assert (answer.status_code, answer.json["meanwhile"]) == (409, True)
    assert answer.json["faults"]


def test_the_script_gets_all_that_changes_on_the_page(paul, plan):
    answer = fetch(paul, f"{plan}/changes", on=0, action="close", place=LIBRARY)
    assert answer.status_code == 200
    told = json.loads(answer.data)
    assert told["on"] == 1
    assert set(told["pieces"]) == {"outcome", "changes", "steps", "tables"}
    assert told["places"][0]["properties"]["state"] == "closed"
    assert re.fullmatch("[0-9a-f]{64}", answer.headers["X-Form-Word"])


# ---- as a whole ----


def test_rename_duplicate_bin_and_back(paul, store, plan):
    add_in_the_east(paul, store, plan)
    send(paul, f"{plan}/rename", name="Fewer libraries", about="")
    copy = send(paul, f"{plan}/duplicate").location
    assert "Fewer libraries (" in text(paul, copy)
    assert walks(paul, copy) == walks(paul, plan)
    listed = send(paul, f"{plan}/delete").location
    page = text(paul, listed)
    assert "is in the bin" in page
    assert f'action="{plan}/bring-back"' in page
    assert change(paul, plan, action="close", place=LIBRARY).status_code == 422
    send(paul, f"{plan}/bring-back")
    assert walks(paul, plan) == {"4": 0.0, "3": 1.7}
    assert send(paul, f"{plan}/erase").status_code == 422
    send(paul, f"{plan}/delete")
    assert send(paul, f"{plan}/erase").status_code == 303
    assert paul.get(plan).status_code == 404


def test_there_is_no_scenario_of_that_number(paul):
    for path in ("/plan/77", "/plan/77/state", "/plan/77/adopt", "/plan/compare?a=77&b=78"):
        assert paul.get(path).status_code == 404


def test_a_link_shows_the_scenario_to_whoever_has_it_until_it_is_taken_away(
    client, paul, store, plan
):
    add_in_the_east(paul, store, plan)
    send(paul, f"{plan}/share")
    shared = re.search(r'value="[^"]*(/plan/shared/[^"]+)"', text(paul, plan))[1]
    answer = client.get(shared + "?lang=en")
    assert answer.status_code == 200
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "nothing of it is decided" in answer.text
    assert "More libraries" in answer.text
    assert "paul" not in answer.text
    assert "/changes" not in answer.text
    assert client.get(f"{shared}/trace?row=4").json["features"]
    assert client.get(f"{shared}/download.csv").status_code == 200
    adopt(paul, plan)
    adopted = client.get(shared + "?lang=en").text
    assert "nothing of it is decided" not in adopted
    assert "East" in adopted
    send(paul, f"{plan}/unshare")
    for path in (shared, f"{shared}/trace?row=4", f"{shared}/download.csv", "/plan/shared/x"):
        assert client.get(path).status_code == 404


def test_the_walk_behind_a_cell_leads_to_the_place_after_the_changes(paul, store, plan):
    add_in_the_east(paul, store, plan)
    [walk] = paul.get(f"{plan}/trace?row=3").json["features"]
    [(first, _), (last, _)] = [walk["geometry"]["coordinates"][n] for n in (0, -1)]
    assert last > first
    assert paul.get(f"{plan}/trace?row=99").status_code == 404


@pytest.mark.parametrize("extension", FORMATS)
def test_a_scenario_can_be_taken_along(paul, store, plan, extension):
    add_in_the_east(paul, store, plan)
    answer = paul.get(f"{plan}/download.{extension}")
    assert answer.status_code == 200
    assert len(answer.data) > 100


def test_two_scenarios_stand_side_by_side(paul, store, plan):
    """A closes the library (30 people lose it), B adds one in the east (90 gain one)."""
    change(paul, plan, action="close", place=LIBRARY)
    other = send(paul, "/plan", name="East too", **ASKED).location
    add_in_the_east(paul, store, other)
    a, b = (one.rsplit("/", 1)[1] for one in (plan, other))
    page = text(paul, f"/plan/compare?a={a}&b={b}")
    headline = re.search(r'id="headline"[^>]*>(.*?)</h2>', page, re.DOTALL)[1]
    assert "120" in headline
    assert "More libraries" in page
    assert "East too" in page
    assert re.search(r"<th scope=\"row\">West</th>", page)


# ---- adopting ----


def adopt(client, plan):
    """Adopt a scenario by its own page."""
    page = client.get(f"{plan}/adopt").text
    fields = dict(re.findall(r'name="(version|on)" value="([^"]*)"', page))
    return send(client, f"{plan}/adopt", **fields)


def test_an_adopted_scenario_is_the_citys_list_and_can_be_undone(app, paul, store, plan):
    before = store.read("meeting_places")
    add_in_the_east(paul, store, plan)
    change(paul, plan, action="set", place=LIBRARY, name="Old library")
    assert "Old library" in text(paul, f"{plan}/adopt")
    assert adopt(paul, plan).status_code == 303

    now = store.read("meeting_places")
    assert sorted(now["name"]) == ["East", "Old library"]
    assert set(now["checked_on"]) == {"2026-05-31"}
    assert now.loc[now["name"] == "East", "source"].item() == "More libraries"
    origin = store.provenance("meeting_places")
    assert (origin.imported_by, origin.source, origin.licence) == ("paul", "A survey", "CC0-1.0")
    assert "More libraries" in str(origin.remarks[-1])
    assert "am 31. Mai 2026" in say(origin.remarks[-1], "de")
    audit = app.extensions["people"].audit_log(action="scenario adopted")
    assert [(one.by, one.detail) for one in audit] == [("paul", "More libraries")]

    page = text(paul, plan)
    assert "Adopted" in page
    assert "2 changes, adopted" in page
    assert "Nothing is changed yet" not in page
    assert change(paul, plan, action="close", place=LIBRARY).status_code == 422
    assert adopt(paul, plan).status_code in {409, 422}
    assert send(paul, f"{plan}/adopt/undo").status_code == 303
    assert store.read("meeting_places").equals(before)
    assert walks(paul, plan) == {"4": 0.0, "3": 1.7}


def test_places_of_two_adopted_scenarios_keep_apart(paul, store, plan):
    """Both call their place new-1 while they are scenarios."""
    add_in_the_east(paul, store, plan)
    adopt(paul, plan)
    other = send(paul, "/plan", name="Another", **ASKED).location
    change(paul, other, action="add", kind="library", name="Middle", **at(store, 222))
    adopt(paul, other)
    assert sorted(store.read("meeting_places")["name"]) == ["East", "Library", "Middle"]


def test_an_adoption_cannot_be_undone_once_the_list_has_changed_again(
    paul, store, plan, main_street
):
    add_in_the_east(paul, store, plan)
    adopt(paul, plan)
    store.write([one for one in main_street if one.layer.name == "meeting_places"], at=AT)
    assert send(paul, f"{plan}/adopt/undo").status_code == 422
    assert len(store.read("meeting_places")) == 1


def test_nothing_is_adopted_over_a_list_that_has_changed_since_it_was_looked_at(paul, store, plan):
    add_in_the_east(paul, store, plan)
    page = paul.get(f"{plan}/adopt").text
    fields = dict(re.findall(r'name="(version|on)" value="([^"]*)"', page))
    write_places(store, [(WEST + 5, SOUTH)], name=["Library"])
    assert send(paul, f"{plan}/adopt", **fields).status_code == 409
    assert len(store.read("meeting_places")) == 1


def test_a_list_that_comes_while_a_scenario_is_adopted_is_not_overwritten(
    paul, store, plan, monkeypatch
):
    """An import arrives after the list was looked at and before it is written: it stays."""
    add_in_the_east(paul, store, plan)
    page = paul.get(f"{plan}/adopt").text
    fields = dict(re.findall(r'name="(version|on)" value="([^"]*)"', page))
    write = type(store).write

    def late(*given, **more):
        monkeypatch.setattr(type(store), "write", write)
        write_places(store, [(WEST + 5, SOUTH)], name=["Imported"])
        return write(*given, **more)

    monkeypatch.setattr(type(store), "write", late)
    assert send(paul, f"{plan}/adopt", **fields).status_code == 409
    assert list(store.read("meeting_places")["name"]) == ["Imported"]
    assert "Adopted" not in text(paul, plan)


def write_places(store, spots, **columns):
    """Import another list of places."""
    made = places(spots, **columns)
    made = Import(LAYERS["meeting_places"], made, Origin(file="new.csv"))
    store.write([made], at=AT + timedelta(days=1))


def test_a_place_that_is_gone_or_has_moved_in_the_list_is_pointed_out(paul, store, plan):
    change(paul, plan, action="set", place=LIBRARY, step_free="yes")
    write_places(store, [(WEST + 111, SOUTH)], name=["Library"])
    assert "it has been moved in the city’s list" in text(paul, f"{plan}/adopt")
    layer = LAYERS["meeting_places"]
    store.write([Import(layer, layer.empty(store.crs), Origin(file="none.csv"))], at=AT)
    page = text(paul, plan)
    assert "These changes no longer fit" in page
    assert "changes nothing that could be adopted" in text(paul, f"{plan}/adopt")
    assert adopt(paul, plan).status_code in {409, 422}


def test_a_city_without_places_says_so_and_has_no_desk(store, paul, plan):
    store.remove("meeting_places")
    assert "no meeting places yet" in text(paul, "/plan")
    answer = paul.get(f"{plan}?lang=en")
    assert answer.status_code == 409
    assert "Data are still missing" in answer.text


# ---- trying it ----


def test_the_sign_in_page_of_a_real_city_speaks_of_no_account(app, client):
    app.extensions["people"].add("planung", ["planner"], at=AT, password="lantern meadow kettle")
    assert "invented" not in text(client, "/login")


def test_the_sign_in_page_of_an_invented_town_says_how_to_try_planning(app, client, store):
    app.extensions["people"].add("planung", ["planner"], at=AT, password="lantern meadow kettle")
    for name in store.names():
        origin = Origin(file="x", invented=True)
        store.write([Import(LAYERS[name], store.read(name), origin)], at=AT)
    assert "people password planung" in text(client, "/login")


def test_accounts_to_try_are_made_in_an_invented_town_without_accounts_only(
    settings, store, main_street, capsys
):
    """A real city gets none; an invented one gets them once, with passwords that work."""
    sample._account(store, settings)
    store.write(main_street, at=AT)
    sample._account(store, settings)
    assert capsys.readouterr().out == ""
    invented = [replace(one, origin=replace(one.origin, invented=True)) for one in main_street]
    store.write(invented, at=AT)
    sample._account(store, settings)
    sample._account(store, settings)
    said = capsys.readouterr().out
    told = dict(re.findall(r"as (\w+) with the password (\S+)", said))
    assert said.count("planung") == 1
    people = People(store, settings)
    for login, password in told.items():
        found = people.verify(login, password, at=datetime.now(UTC))
        assert (set(found.roles), found.must_change) == (set(TRIALS[login]), False)
    assert set(told) == set(TRIALS)


def test_a_shared_scenario_singles_nobody_out(client, paul):
    """One and two old people lose the library: neither map nor file counts them."""
    answer = send(
        paul, "/plan", name="Less", **ASKED | {"query": ASKED["query"] + "&group=aged_75plus"}
    )
    plan = answer.location
    change(paul, plan, action="close", place=LIBRARY)
    cells = state(paul, plan)["cells"]
    assert dict(zip(cells["row"], cells["people_uncovered"], strict=True))["0"] is None
    send(paul, f"{plan}/share")
    shared = re.search(r'value="[^"]*(/plan/shared/[^"]+)"', text(paul, plan))[1]
    rows = pd.read_csv(io.BytesIO(client.get(f"{shared}/download.csv").data))
    assert rows["people"].tolist()[2:] == [3, 4, 5]
    assert rows.loc[:1, ["people", "people_gained", "people_lost"]].isna().all(axis=None)


def test_how_sure_an_outcome_is_is_told_after_it_stands(app):
    """The page names where it is told; the piece says both ends; its link says the same."""
    paul = signed_in(app, "paul")
    made = send(paul, "/plan", name="Sure", query="minutes=4&kinds=library").location
    where = f"{made}/sure"
    assert f'data-sure="{where}"' in paul.get(made).text
    told = paul.get(f"{where}?lang=en").text
    assert "How sure is that?" in told
    assert "simulated" in told
    assert (
        told.split("afterwards can be")[1].split(".")[0] in paul.get(f"{made}?sure=1&lang=en").text
    )
    assert app.test_client().get(where).status_code == 303
    send(paul, f"{made}/share")
    token = app.extensions["scenarios"].get(int(made.rsplit("/", 1)[1])).token
    shared = app.test_client().get(f"/plan/shared/{token}/sure?lang=en")
    assert shared.text.split() == told.split()
    assert "noindex" in shared.headers["X-Robots-Tag"]
