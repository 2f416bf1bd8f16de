"""Signing in at an identity provider: a small real one on this machine."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from crm_core.errors import Forbidden, Invalid, Unavailable
from crm_core.users import find_by_email
from integrations.web.oidc import Provider
from tests import factories

BACK = "http://localhost:8000/sign-in/oidc/back"


class Fake:
    """A provider: gives one token for one code, if the verifier fits what was asked."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, parameters={"kid": "k1"})
        self.codes: dict[str, tuple[str, str]] = {}  # code → token, challenge
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(fake.configuration() if "well-known" in self.path else fake.keys())

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
                self.answer(fake.token(form, self.headers.get("authorization", "")))

            def answer(self, told: dict[str, object] | None) -> None:
                body = json.dumps(told).encode()
                self.send_response(400 if told is None else 200)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def configuration(self) -> dict[str, object]:
        return {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/keys",
        }  # fmt: skip

    def keys(self) -> dict[str, object]:
        return dict(KeySet([self.key]).as_dict(private=False))

    def token(self, form: dict[str, list[str]], authorization: str) -> dict[str, object] | None:
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        token, challenge = self.codes.pop(form["code"][0], ("", ""))
        fits = create_s256_code_challenge(form["code_verifier"][0]) == challenge and authorization.startswith("Basic ")
        return {"id_token": token, "access_token": "x", "token_type": "Bearer"} if token and fits else None

    def sign_in(self, url: str, *, key: object = None, algorithm: str = "RS256", **changed: object) -> tuple[str, str]:
        """What the person's browser brings back: a code and the state."""
        asked = {name: one[0] for name, one in parse_qs(urlsplit(url).query).items()}
        now = int(time.time())
        claims = {
            "iss": self.url, "aud": asked["client_id"], "sub": "1", "nonce": asked["nonce"], "iat": now,
            "exp": now + 300, "email": "ada@acme.example", "email_verified": True, **changed,
        }  # fmt: skip
        header = {"alg": algorithm, "kid": "k1"}
        token = jwt.encode(header, claims, key or self.key, algorithms=[algorithm])  # type: ignore[arg-type]
        self.codes["code"] = (token, asked["code_challenge"])
        return "code", asked["state"]


@pytest.fixture(scope="module")
def fake() -> Iterator[Fake]:
    made = Fake()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def provider(fake: Fake) -> Provider:
    return Provider(fake.url, "farley", "secret")


def test_a_verified_address_comes_back(fake, provider):
    url, kept = provider.begin(BACK)
    code, state = fake.sign_in(url)

    assert provider.finish(BACK, code=code, state=state, kept=kept) == "ada@acme.example"


@pytest.mark.parametrize(
    "changed",
    [
        {"email_verified": False}, {"email_verified": "true"}, {"email": ""}, {"nonce": "another"}, {"aud": "another"},
        {"iss": "https://evil.example"}, {"exp": 1}, {"key": RSAKey.generate_key(2048, parameters={"kid": "k1"})},
        {"key": OctKey.generate_key(256), "algorithm": "HS256"},
    ],
    ids=lambda changed: next(iter(changed)),
)  # fmt: skip
def test_what_is_not_right_lets_nobody_in(fake, provider, changed):
    url, kept = provider.begin(BACK)
    code, state = fake.sign_in(url, **changed)

    with pytest.raises(Forbidden):
        provider.finish(BACK, code=code, state=state, kept=kept)


def test_an_answer_to_another_browser_lets_nobody_in(fake, provider):
    url, _ = provider.begin(BACK)
    _, other = provider.begin(BACK)
    code, state = fake.sign_in(url)

    for kept in (other, "", "[]", "{"):
        with pytest.raises(Forbidden, match="another browser"):
            provider.finish(BACK, code=code, state=state, kept=kept)


def test_a_code_is_worth_nothing_with_another_verifier(fake, provider):
    url, kept = provider.begin(BACK)
    code, state = fake.sign_in(url)
    stolen = json.dumps([*json.loads(kept)[:2], "another"])

    with pytest.raises(Unavailable):
        provider.finish(BACK, code=code, state=state, kept=stolen)


def test_a_provider_without_tls_is_asked_on_this_machine_alone(fake):
    with pytest.raises(Invalid, match="https"):
        Provider("http://id.example", "farley", "secret")
    with pytest.raises(Unavailable):
        Provider(fake.url + "/", "farley", "secret").begin(BACK)


def test_an_address_is_one_active_persons(sqlite_store):
    with sqlite_store.write() as connection:
        factories.make_user(connection, "Ada", email="Ada@acme.example")
        factories.make_user(connection, "Bo", email="bo@acme.example", is_active=False)
        for name in ("Cy", "Cy Two"):
            factories.make_user(connection, name, email="cy@acme.example")

    found = [find_by_email(sqlite_store, one) for one in ("ada@ACME.example", "bo@acme.example", "cy@acme.example", "")]

    assert [one and one.name for one in found] == ["Ada", None, None, None]


def test_somebody_signs_in_at_the_provider_and_a_stranger_does_not(visit, desk, company, fake, provider):
    from sqlalchemy import update

    from crm_core.models import User as Row

    with company.store.write() as connection:
        connection.execute(update(Row).where(Row.id == company.ada).values(email="ada@acme.example"))
    object.__setattr__(desk, "provider", provider)  # the one that `visit` walks through

    async def walk(user):
        for email, wanted in (("ada@acme.example", "/"), ("eve@acme.example", "/sign-in?said=oidc_stranger")):
            gone = await user.http_client.get("/sign-in/oidc")
            code, state = fake.sign_in(gone.headers["location"], email=email)
            answered = await user.http_client.get(f"/sign-in/oidc/back?code={code}&state={state}")
            assert answered.headers["location"] == wanted
        assert (await user.http_client.get("/me")).status_code == 200

    visit(None, walk)
