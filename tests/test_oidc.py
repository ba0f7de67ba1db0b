"""Signing in by a service of the city: a provider on the loopback that can be made to lie."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask, request
from joserfc import jwt
from joserfc.jwk import RSAKey

from geo_app import create_app
from geo_app.config import Settings, SettingsError
from geo_app.oidc import roles_of

from .serving import Served
from .staff import AT, staffed

CLIENT = "treffsicher"


class Provider:
    """A sign-in service that says what a test wants it to say."""

    def __init__(self):
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.signs_with = self.key
        self.claims = {"preferred_username": "nora", "roles": ["moderator"]}
        self.asked = {}
        self.app = Flask("provider")
        for path, view, method in (
            ("/.well-known/openid-configuration", self.metadata, "GET"),
            ("/keys", self.keys, "GET"),
            ("/token", self.token, "POST"),
        ):
            self.app.add_url_rule(path, view.__name__, view, methods=[method])
        self.served = Served(self.app, threads=2)
        self.home = self.served.home

    def metadata(self):
        """Tell where everything is."""
        return {
            "issuer": self.home,
            "authorization_endpoint": f"{self.home}/authorize",
            "token_endpoint": f"{self.home}/token",
            "jwks_uri": f"{self.home}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def keys(self):
        """Tell the public key."""
        return {"keys": [self.key.as_dict(private=False)]}

    def token(self):
        """Change a code for a token."""
        assert request.form["code_verifier"]
        now = int(time.time())
        told = {
            "iss": self.home,
            "aud": CLIENT,
            "sub": "1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked["nonce"],
        } | self.claims
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, told, self.signs_with)
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


@pytest.fixture(scope="module")
def running():
    """Run one provider for all tests of this module."""
    provider = Provider()
    yield provider
    provider.served.stop()


@pytest.fixture
def provider(running):
    """Return the provider as it is at first."""
    running.signs_with = running.key
    running.claims = {"preferred_username": "nora", "roles": ["moderator"]}
    return running


@pytest.fixture
def app(tmp_path, provider):
    """Return an application that signs in by the provider."""
    plain = Settings.from_environment({"GEO_APP_VAR": str(tmp_path)})
    application = create_app(
        replace(plain, oidc_issuer=provider.home, oidc_client=CLIENT, oidc_secret="s3cret")
    )
    yield staffed(application)
    application.extensions["store"].close()


@pytest.fixture
def client(app):
    """Return a browser that is not signed in."""
    return app.test_client()


def go(client, provider, next_="/password"):
    """Go to the provider; return where it was asked to send the browser back to."""
    answer = client.get(f"/login/service?next={next_}")
    assert answer.location.startswith(f"{provider.home}/authorize?")
    provider.asked = {n: v[0] for n, v in parse_qs(urlsplit(answer.location).query).items()}
    assert provider.asked["code_challenge_method"] == "S256"
    return f"/login/back?code=one&state={provider.asked['state']}"


def inside(client):
    """Tell whether a page of staff opens."""
    return client.get("/password").status_code == 200


def test_the_service_lets_somebody_in_with_the_roles_it_names(app, client, provider):
    answer = client.get(go(client, provider))
    assert (answer.status_code, answer.location) == (303, "/password")
    assert inside(client)
    nora = app.extensions["people"].get("nora")
    assert (nora.roles, nora.has_password) == (("moderator",), False)
    assert "Sign in with the account of the city" in app.test_client().get("/login?lang=en").text


def test_roles_follow_the_service(app, client, provider):
    client.get(go(client, provider))
    provider.claims["roles"] = ["prevention", "something else"]
    app.config["CLOCK"].goes_on(minutes=1)
    client.get(go(client, provider))
    assert app.extensions["people"].get("nora").roles == ("prevention",)
    assert inside(client)


@pytest.mark.parametrize("password", ["", "x" * 20])
def test_an_account_of_the_service_has_no_password(app, client, provider, password):
    client.get(go(client, provider))
    other = app.test_client()
    answer = other.post("/login", data={"login": "nora", "password": password})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"roles": []},
        {"roles": ["king"]},
        {"roles": None},
        {"preferred_username": ""},
        {"preferred_username": "ada"},
        {"preferred_username": "<script>"},
        {"nonce": "another"},
        {"aud": "somebody else"},
        {"iss": "https://evil.example"},
        {"exp": 1},
    ],
    ids=str,
)
def test_whoever_has_no_role_or_is_somebody_else_stays_outside(app, client, provider, claims):
    """An account with a password of its own is never taken over, and no lie is believed."""
    provider.claims |= claims
    answer = client.get(go(client, provider))
    assert answer.status_code == 403
    assert not inside(client)
    assert "<script>" not in answer.text.replace('<script src="/static', "")
    assert app.extensions["people"].get("ada").roles == ("administrator",)


def test_a_token_that_somebody_else_signed_opens_nothing(client, provider):
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    assert client.get(go(client, provider)).status_code == 403
    assert not inside(client)


def test_nobody_is_sent_back_with_the_state_of_another_browser(app, client, provider):
    """What a browser did not begin it does not finish: no session of somebody else's choice."""
    back = go(client, provider)
    other = app.test_client()
    assert other.get(back).status_code == 403
    assert not inside(other)
    assert client.get(back).status_code == 303
    assert client.get(back).status_code == 403  # once only


def test_a_locked_account_stays_outside(app, client, provider):
    client.get(go(client, provider))
    app.extensions["people"].lock("nora", by="ada", at=AT)
    assert client.get(go(client, provider)).status_code == 403


@pytest.mark.parametrize("next_", ["https://evil.example", "//evil.example"])
def test_the_service_leads_to_no_other_site(client, provider, next_):
    location = client.get(go(client, provider, next_)).location
    assert location == "/moderation"


def test_a_service_that_does_not_answer_is_said_so(tmp_path):
    plain = Settings.from_environment({"GEO_APP_VAR": str(tmp_path)})
    application = create_app(replace(plain, oidc_issuer="http://127.0.0.1:9", oidc_client="x"))
    answer = application.test_client().get("/login/service?lang=en")
    assert answer.status_code == 403
    assert "does not answer" in answer.text
    application.extensions["store"].close()


def test_without_a_service_there_is_no_way_to_it(settings):
    application = create_app(settings)
    browser = application.test_client()
    assert browser.get("/login/service").status_code == 404
    assert browser.get("/login/back?code=x&state=y").status_code == 404
    assert "/login/service" not in browser.get("/login").text
    application.extensions["store"].close()


def test_the_protocol_is_not_loaded_where_nobody_needs_it():
    code = "import sys, geo_app.web; print('authlib' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_values_of_the_service_stand_for_roles(settings):
    mapped = replace(settings, oidc_map=(("city-mods", "moderator"), ("it", "administrator")))
    assert roles_of({"roles": ["it", "city-mods", "moderator"]}, mapped) == (
        "moderator",
        "administrator",
    )
    assert roles_of({"roles": "planner"}, settings) == ("planner",)
    assert roles_of({"groups": ["planner"]}, replace(settings, oidc_roles="groups")) == ("planner",)


@pytest.mark.parametrize("told", ["moderator", "a=;b=c", "=moderator"])
def test_a_mapping_that_cannot_be_read_is_said_so(tmp_path, told):
    with pytest.raises(SettingsError, match="OIDC_MAP"):
        Settings.from_environment({"GEO_APP_VAR": str(tmp_path), "GEO_APP_OIDC_MAP": told})


def test_a_mapping_is_read_in_pairs(tmp_path):
    read = Settings.from_environment(
        {"GEO_APP_VAR": str(tmp_path), "GEO_APP_OIDC_MAP": "mods = moderator; it=administrator;"}
    )
    assert read.oidc_map == (("mods", "moderator"), ("it", "administrator"))
