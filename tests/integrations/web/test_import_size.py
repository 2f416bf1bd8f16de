"""Nobody fills the server by an upload: what is too large is refused before it is read."""

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from integrations.web.gate import UPLOAD_BYTES, Gate

UPLOAD = "/_nicegui/client/0a1b/upload/7"


def test_an_upload_that_is_too_large_or_of_unknown_size_is_refused_before_it_is_read():
    app = Starlette(routes=[Route("/{path:path}", lambda _: PlainTextResponse("taken"), methods=["POST"])])
    app.add_middleware(Gate)
    client = TestClient(app)

    sizes = (str(UPLOAD_BYTES + 1), "-1", "many")
    refused = [client.post(UPLOAD, content=b"x", headers={"Content-Length": size}).status_code for size in sizes]

    assert refused == [413, 413, 413]
    assert client.post(UPLOAD, content=iter([b"x"])).status_code == 413
    assert client.post(UPLOAD, content=b"x").text == "taken"
    assert client.post("/elsewhere", content=iter([b"x"])).text == "taken"
