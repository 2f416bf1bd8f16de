"""Signing in at a company's own identity provider, by OpenID Connect: authorization code with PKCE, state and nonce.

What the provider says is believed as far as its signature goes, and a person is found by an address that it has
verified; it never makes one.
"""

import ipaddress
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from crm_core.errors import Forbidden, Invalid, Unavailable

COOKIE, COOKIE_LIFE_S = "farley_oidc", 600
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # never a shared secret, and never none
_TIMEOUT_S = 10


@dataclass
class Provider:
    """An identity provider.

    Attributes:
        issuer: as it names itself; its configuration lies below it.
        client_id: of this program there.
        client_secret: of this program there.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    _known: dict[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not _is_safe(self.issuer):
            raise Invalid("FARLEY_OIDC_ISSUER is an https address.")

    def begin(self, back: str) -> tuple[str, str]:
        """Where the browser goes, and what its cookie keeps until it comes back to `back`.

        Raises:
            Unavailable: the provider cannot be asked.
        """
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        asked = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": back, "scope": "openid email",
            "state": state, "nonce": nonce, "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }  # fmt: skip
        url = f"{self._configuration()['authorization_endpoint']}?{urlencode(asked)}"
        return url, json.dumps([state, nonce, verifier])

    def finish(self, back: str, *, code: str, state: str, kept: str) -> str:
        """The verified address of whoever came back.

        Raises:
            Forbidden: this is no answer to what this browser asked, or the address is not verified.
            Unavailable: the provider cannot be asked.
        """
        try:
            known, nonce, verifier = (str(one) for one in json.loads(kept))
        except ValueError:
            known = nonce = verifier = ""
        if not known or not secrets.compare_digest(known.encode(), state.encode()):
            raise Forbidden("The answer of the identity provider belongs to another browser.")
        claims = self._claims(self._token(back, code, verifier), nonce)
        if claims.get("email_verified") is not True or not claims.get("email"):
            raise Forbidden("The identity provider has not verified this address.")
        return str(claims["email"])

    def _token(self, back: str, code: str, verifier: str) -> str:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        told = self._ask("POST", self._configuration()["token_endpoint"], form)
        return str(told.get("id_token") or "")

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        """What the signed token says, if it is meant for this program and answers this very question."""
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        keys = KeySet.import_key_set(self._ask("GET", self._configuration()["jwks_uri"]))  # type: ignore[arg-type]
        try:
            claims = jwt.decode(token, keys, algorithms=_ALGORITHMS).claims
            wanted = {"iss": self.issuer, "aud": self.client_id, "nonce": nonce}
            checks = {name: {"essential": True, "value": value} for name, value in wanted.items()}
            jwt.JWTClaimsRegistry(leeway=60, exp={"essential": True}, **checks).validate(claims)  # type: ignore[arg-type]
        except (JoseError, ValueError) as error:
            raise Forbidden("The identity provider's answer is not right.") from error
        return dict(claims)

    def _configuration(self) -> dict[str, Any]:
        if not self._known:
            told = self._ask("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if told.get("issuer") != self.issuer:
                raise Unavailable("The identity provider names itself otherwise than FARLEY_OIDC_ISSUER.")
            self._known = told
        return self._known

    def _ask(self, method: str, url: str, form: dict[str, str] | None = None) -> dict[str, Any]:
        import httpx

        if not _is_safe(url):
            raise Unavailable("The identity provider wants an address without TLS to be asked.")
        signed = (self.client_id, self.client_secret) if form else None
        try:
            answered = httpx.request(method, url, data=form, auth=signed, timeout=_TIMEOUT_S)
            answered.raise_for_status()
            told = answered.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable("The identity provider cannot be asked now.") from error
        return told if isinstance(told, dict) else {}


def _is_safe(url: str) -> bool:
    """Whether it is asked over TLS, or on this machine."""
    told = urlsplit(url)
    try:
        is_near = told.hostname == "localhost" or ipaddress.ip_address(told.hostname or "").is_loopback
    except ValueError:
        is_near = False
    return told.scheme == "https" or (told.scheme == "http" and is_near)
