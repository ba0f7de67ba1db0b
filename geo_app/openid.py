"""
The protocol of a sign-in service; loaded only where the settings name one.

Authlib does it: authorisation code with PKCE, state and nonce, and the
signature of the token.

Source
------
OpenID Connect Core 1.0, 3.1; RFC 7636 (PKCE); RFC 9700 (security practice).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app
from joserfc.errors import JoseError
from requests import RequestException

from layers import Text

from .config import Settings
from .store import LoginError

SCOPE = "openid profile"
PATIENCE = 10
"""How long the service may take to answer [s]."""
FAULTS = (AuthlibBaseError, JoseError, RequestException, RuntimeError, ValueError, KeyError)
"""What a service can do wrong."""
REFUSED = Text(
    "the sign-in service of the city has not let you in, or does not answer;"
    " try again, or ask whoever looks after it"
)


class Service:
    """
    The sign-in service of a city; nothing is asked of it before it is needed.

    Parameters
    ----------
    app
        The application that people sign in to.
    settings
        Address of the service, name and secret of this tool there.
    """

    def __init__(self, app: Flask, settings: Settings) -> None:
        metadata = settings.oidc_issuer.rstrip("/") + "/.well-known/openid-configuration"
        self._client = OAuth(app).register(
            "city",
            client_id=settings.oidc_client,
            client_secret=settings.oidc_secret,
            server_metadata_url=metadata,
            client_kwargs={
                "scope": SCOPE,
                "code_challenge_method": "S256",
                "default_timeout": PATIENCE,
            },
        )

    def begin(self, back: str) -> Any:
        """
        Return an answer that sends the browser to the service, which sends it to `back`.

        Raises
        ------
        LoginError
            If the service does not answer.
        """
        try:
            return self._client.authorize_redirect(back)
        except FAULTS as error:
            raise _refused(error) from error

    def claims(self) -> Mapping[str, Any]:
        """
        Return what the service says of whoever comes back from it.

        State, nonce, signature, issuer, audience and time have been checked.

        Raises
        ------
        LoginError
            If any of them is wrong, or the service does not answer.
        """
        try:
            told = self._client.authorize_access_token()
        except FAULTS as error:
            raise _refused(error) from error
        return cast("Mapping[str, Any]", told.get("userinfo") or {})


def _refused(error: Exception) -> LoginError:
    """Write down what is wrong, without tokens; tell the person only what helps."""
    current_app.logger.warning("sign-in service: %s", type(error).__name__)
    return LoginError([REFUSED])
