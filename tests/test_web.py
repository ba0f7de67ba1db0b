"""The pages from outside: what a reader, a program and an attacker get."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import geopandas
import pandas as pd
import pyogrio
import pytest
from shapely import Point

from geo_app import create_app
from geo_app.access import MARK, staff
from geo_app.config import Settings
from geo_app.errors import STATUS, status_of
from geo_app.languages import LANGUAGES
from geo_app.origin import Import, Origin
from geo_app.store import Store
from layers import ANALYSES, LAYERS, LayersError

from .towns import CRS, SOUTH, WEST, layer, main_street

AT = datetime(2026, 5, 31, 12, tzinfo=UTC)
EVIL = "<script>alert(1)</script> {{ 7 * 7 }} ${alert(1)}"
INVENTED = Origin(
    file="street.py",
    source="A pencil",
    licence="CC0-1.0",
    attribution="© A pencil",
    as_of="2026",
    invented=True,
)
PATHS = (
    "/",
    "/?q=library&sort=meeting_places:library",
    "/about",
    "/login",
    "/moderation/log",
    "/layers",
    *(f"/layers/{name}" for name in ("meeting_places", "counselling_services", "population")),
    "/layers/meeting_places?sort=-name&page=99",
    *(f"/analyses/{name}" for name, analysis in ANALYSES.items() if not analysis.roles),
    *(f"/analyses/{name}/rows" for name, analysis in ANALYSES.items() if not analysis.roles),
)


def settings(folder, **changes):
    """Return settings of a store in a folder of its own."""
    told = {"GEO_APP_STORE": f"sqlite:///{folder}/city.sqlite", "GEO_APP_VAR": str(folder)}
    return replace(Settings.from_environment(told), **changes)


def services():
    """Return a contact point with an evil name, and a shelter without a location."""
    return layer(
        "counselling_services",
        [Point(WEST + 111, SOUTH + 5), None],
        name=[EVIL, "Shelter"],
        topics=["debt;housing", "violence"],
        phone=["", "+49 721 000"],
        website=["javascript:alert(1)", "https://example.org/help"],
        by_phone=["no", "yes"],
        protected=[False, True],
    )


def fill(configured, **changes):
    """Write the town of one street into the store."""
    town = main_street() | {"counselling_services": services()} | changes
    store = Store.open(configured.store, crs=CRS)
    store.write([Import(LAYERS[n], table, INVENTED) for n, table in town.items()], at=AT)
    store.close()


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """Return the application over the town of one street."""
    configured = settings(tmp_path_factory.mktemp("web"), city="Pencil Town")
    fill(configured)
    return create_app(configured)


@pytest.fixture
def client(app):
    """Return a reader without cookies."""
    return app.test_client()


@pytest.fixture
def empty(tmp_path):
    """Return a reader of a city that has imported nothing."""
    return create_app(settings(tmp_path)).test_client()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_every_page_opens_in_every_language(client, path, language):
    mark = "&" if "?" in path else "?"
    response = client.get(f"{path}{mark}lang={language}")
    assert response.status_code == 200
    assert f'<html lang="{language}" dir="ltr">' in response.text


def test_every_view_says_who_may_see_it(app):
    """A forgotten mark is a hole; `static` holds public files only."""
    for endpoint, view in app.view_functions.items():
        assert endpoint == "static" or getattr(view, MARK, "") in {"public", "staff"}, endpoint


@pytest.mark.parametrize("path", PATHS)
def test_a_page_fetches_nothing_from_others(client, path):
    """Links may lead elsewhere; what the browser fetches by itself may not."""
    page = client.get(path).text
    fetched = re.findall(r"<(?:script|img|link|iframe|source|form)\b[^>]*", page)
    assert fetched
    assert not [tag for tag in fetched if "//" in tag]


@pytest.mark.parametrize("path", PATHS)
def test_no_page_needs_inline_styles_or_handlers(client, path):
    """The policy would block them, silently."""
    page = client.get(path).text
    assert not re.findall(r"<[^>]+\s(?:style|on[a-z]+)=", page)
    for script in re.findall(r"<script\b[^>]*>", page):
        assert "nonce=" in script or 'type="application/json"' in script


def test_the_policy_is_strict_and_its_nonce_used_once(client):
    first, second = client.get("/"), client.get("/")
    policy = first.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    nonces = [
        re.search("script-src 'nonce-([^']{20,})'", r.headers["Content-Security-Policy"])[1]
        for r in (first, second)
    ]
    assert nonces[0] != nonces[1]
    assert f'nonce="{nonces[0]}"' in first.text
    assert first.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("path", ["/", "/nothing", "/static/css/app.css"])
def test_every_answer_carries_the_guarding_headers(client, path):
    with client.get(path) as response:
        headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Content-Security-Policy" in headers


def test_names_from_the_data_never_become_markup(client):
    """A name may hold script, template or string syntax: it is shown, not run."""
    for path in ("/", "/layers/counselling_services", "/?q=script"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "{{ 7 * 7 }}" in page
        assert 'href="javascript' not in page


def test_what_a_reader_types_never_becomes_markup(client):
    for path in (f"/?q={EVIL}", f"/analyses/coverage?minutes={EVIL}", f"/layers/{EVIL}"):
        assert "<script>alert" not in client.get(path).text


def test_every_fault_of_a_question_is_told_at_once(client):
    """One sentence for each: an unknown name, a number out of bounds, a wrong choice."""
    response = client.get("/analyses/coverage?colour=red&minutes=900&walker=horse")
    assert response.status_code == 400
    for word in ("colour", "minutes", "horse"):
        assert word in response.text


def test_a_program_gets_faults_as_json(client):
    response = client.get("/analyses/coverage?minutes=900", headers={"Accept": "application/json"})
    assert response.status_code == 400
    assert response.json["status"] == 400
    assert "minutes" in response.json["faults"][0]


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/layers/nothing", "meeting_places"),
        ("/analyses/nothing", "coverage"),
        ("/layers/meeting_places/download.doc", "gpkg"),
    ],
)
def test_an_unknown_name_is_answered_with_those_there_are(client, path, known):
    response = client.get(path)
    assert response.status_code == 404
    assert known in response.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("get", "/no/such/page", 404), ("post", "/about", 405), ("get", "/language", 405)],
)
def test_mistaken_addresses_are_answered_in_our_own_look(client, method, path, status):
    response = getattr(client, method)(path)
    assert response.status_code == status
    assert 'class="mark"' in response.text


def test_too_long_a_form_is_refused(client):
    response = client.post("/language", data={"next": "x" * 100_000})
    assert response.status_code == 413
    assert 'class="mark"' in response.text


def test_a_defect_tells_nothing_of_its_insides(tmp_path):
    """The reader gets a sentence; the log gets the rest."""
    configured = settings(tmp_path)
    broken = create_app(configured)
    broken.add_url_rule("/broken", view_func=lambda: 1 / 0)
    response = broken.test_client().get("/broken")
    assert response.status_code == 500
    assert "ZeroDivision" not in response.text
    assert "Traceback" not in response.text


def test_every_error_of_the_library_has_a_status():
    """Whatever is raised below `LayersError` is answered, never a surprise."""

    def below(kind):
        return [kind, *(k for child in kind.__subclasses__() for k in below(child))]

    for kind in below(LayersError):
        assert next(STATUS[k] for k in kind.__mro__ if k in STATUS) in range(400, 600), kind
    assert status_of(LayersError([])) == 500


def test_staff_pages_refuse_the_public(tmp_path):
    application = create_app(settings(tmp_path))
    application.add_url_rule("/desk", view_func=staff("moderator")(lambda: "desk"))
    response = application.test_client().get("/desk")
    assert response.status_code == 303
    assert response.location == "/login?next=/desk"


def test_an_empty_city_says_what_to_do(empty):
    """No map yet, but the commands that make one."""
    response = empty.get("/")
    assert response.status_code == 200
    for command in ("import osm", "import zensus", "sample"):
        assert command in response.text


def test_an_analysis_without_its_layers_names_them_and_what_to_do(empty):
    response = empty.get("/analyses/coverage?lang=en")
    assert response.status_code == 409
    assert "Residents" in response.text
    assert "import zensus" in response.text
    assert empty.get("/layers/streets").status_code == 409


def test_invented_data_are_called_invented_on_every_page(client):
    for path in PATHS:
        assert 'class="invented"' in client.get(path).text


def test_real_data_are_not_called_invented(tmp_path):
    configured = settings(tmp_path)
    store = Store.open(configured.store, crs=CRS)
    real = replace(INVENTED, invented=False)
    store.write([Import(LAYERS[n], t, real) for n, t in main_street().items()], at=AT)
    assert 'class="invented"' not in create_app(configured).test_client().get("/").text


def test_the_answer_is_the_one_worked_out_with_a_pencil(client):
    """
    An adult walks 111 m in 100 s: two blocks take 3.3 min, three take 5.

    Within 4 minutes that is 10 + 20 + 30 of 150 people.
    """
    page = client.get("/analyses/coverage?minutes=4&lang=en").text
    assert "40 of 100 people" in page
    assert ">90</dd>" in page


def test_the_question_stands_there_in_words_with_its_parts_as_buttons(client):
    page = client.get("/analyses/coverage?minutes=4&group=aged_75plus&lang=en").text
    for part in ("group", "places", "walk", "minutes"):
        assert f'popovertarget="part-{part}"' in page
    assert ">people of 75 and over</button>" in page
    assert ">4 minutes</button>" in page
    assert re.search(r'value="aged_75plus" checked', page)


def test_sending_the_form_as_it_stands_asks_the_same_question(client):
    """Every control of the form together is the address it came from."""
    analysis = ANALYSES["coverage"]
    asked = {"minutes": ["4"], "kinds": ["library", "park"], "free_only": ["yes"]}
    page = client.get("/analyses/coverage", query_string=asked).text
    sent = {}
    form = page[page.index('<form class="ask"') : page.index("</form>", page.index('class="ask"'))]
    for tag in re.findall(r"<input\b[^>]*>", form):
        name = re.search(r'\bname="([^"]*)"', tag)
        if name and (re.search("type=.(?:number|hidden)", tag) or " checked" in tag):
            sent.setdefault(name[1], []).append(re.search(r'\bvalue="([^"]*)"', tag)[1])
    assert analysis.parse(sent) == analysis.parse(asked)


@pytest.mark.parametrize("name", ["meeting_places", "counselling_services", "population"])
def test_a_layer_says_who_is_not_in_it(client, name):
    page = client.get(f"/layers/{name}?lang=en").text
    assert "Not in these data" in page
    assert "A pencil" in page


def test_rows_are_sorted_with_the_unknown_last(tmp_path):
    configured = settings(tmp_path)
    fill(configured, meeting_places=_named("Zoo", "", "Attic"))
    page = create_app(configured).test_client().get("/layers/meeting_places?sort=name").text
    assert page.index(">Attic<") < page.index(">Zoo<")
    assert page.rindex('data-show="1"') > page.index(">Zoo<")


def test_long_tables_come_in_pages(tmp_path):
    configured = settings(tmp_path)
    fill(configured, meeting_places=_named(*(f"Place {n:02}" for n in range(30))))
    reader = create_app(configured).test_client()
    first, second = (reader.get(f"/layers/meeting_places?page={n}").text for n in (1, 2))
    assert ("Place 24" in first, "Place 25" in first) == (True, False)
    assert ("Place 24" in second, "Place 25" in second) == (False, True)


def _named(*names):
    points = [Point(WEST + n, SOUTH) for n in range(len(names))]
    return layer("meeting_places", points, name=list(names), kind=["library"] * len(names))


def test_places_are_found_by_words_and_by_kind(client):
    assert "Library" in client.get("/?q=libr").text
    assert ">Library<" not in client.get("/?q=swimming").text
    found = client.get("/?sort=counselling_services:violence").text
    assert "Shelter" in found
    assert ">Library<" not in found


def test_a_protected_place_has_no_location_anywhere(client, tmp_path):
    """Neither on a page nor in a file: the shelter is known by name and phone alone."""
    page = client.get("/?sort=counselling_services:violence").text
    assert "116 016" in page
    assert 'data-layer="counselling_services"' not in page
    for extension in READERS:
        response = client.get(f"/layers/counselling_services/download.{extension}")
        table = opened(response, extension, tmp_path)
        shelter = table[table["name"] == "Shelter"].iloc[0]
        for column in ("geometry", "lon", "lat", "wkt"):
            assert column not in shelter or pd.isna(shelter[column]) or not shelter[column]


READERS = {
    "gpkg": lambda path: pyogrio.read_dataframe(path, layer=path.stem),
    "geojson": pyogrio.read_dataframe,
    "parquet": geopandas.read_parquet,
    "csv": pd.read_csv,
    "xlsx": lambda path: pd.read_excel(path, sheet_name=0),
}


def opened(response, extension, folder):
    """Return the table in a downloaded file, read as a planner's program would."""
    name = re.search('filename="([a-z_]+)-', response.headers["Content-Disposition"])[1]
    path = folder / f"{name}.{extension}"
    path.write_bytes(response.data)
    return READERS[extension](path)


@pytest.mark.parametrize("extension", READERS)
def test_a_result_can_be_taken_along_with_the_same_numbers(client, extension, tmp_path):
    """Whatever the format: 10 + 20 + 30 of 150 people, and walks of 100 s per block."""
    response = client.get(f"/analyses/coverage/download.{extension}?minutes=4")
    assert response.status_code == 200
    table = opened(response, extension, tmp_path)
    assert table["people"].sum() == 150
    assert table.loc[table["covered"] == "yes", "people"].sum() == 60
    assert table["minutes"].max() == pytest.approx(400 / 60)


def test_the_language_is_remembered_and_the_question_kept(client):
    answer = client.post(
        "/language", data={"language": "en", "next": "/analyses/coverage?minutes=7&lang=de"}
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/analyses/coverage?minutes=7"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert '<html lang="en"' in client.get("/").text


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "\\\\evil.example", "javascript:x", ""]
)
def test_the_language_switch_never_leads_to_another_site(client, address):
    answer = client.post("/language", data={"language": "de", "next": address})
    assert answer.headers["Location"] == "/"


def test_an_unknown_language_is_refused(client):
    assert client.post("/language", data={"language": "xx"}).status_code == 400


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_forms_of_other_sites_are_refused(client, headers):
    answer = client.post("/language", data={"language": "en"}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("en-GB,en;q=0.9", "en"), ("de-AT", "de"), ("fr", "de"), ("", "de")],
)
def test_a_reader_is_met_in_their_language_or_in_german(client, accepted, language):
    page = client.get("/", headers={"Accept-Language": accepted}).text
    assert f'<html lang="{language}"' in page
