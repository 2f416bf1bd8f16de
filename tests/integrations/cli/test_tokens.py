import threading
import time
import urllib.error
import urllib.request

import uvicorn


def test_a_token_is_shown_once_listed_and_taken_back(company, farley):
    made = farley("token", "create", "sync", "--rights", "read,write", "--as", "Ada North", "--json").json

    assert made["token"].startswith("farley_")
    assert made["rights"] == ["read", "write"]
    listed = farley("token", "list", "--json")
    assert [one["acts_as"] for one in listed.json["tokens"]] == ["Ada North"]
    assert made["token"] not in listed.out
    assert "opens nothing any more" in farley("token", "revoke", made["id"]).out
    assert "revoked" in farley("token", "list").out


def test_an_unknown_right_is_told_the_right_ones(company, farley):
    ran = farley("token", "create", "sync", "--rights", "everything")

    assert ran.code == 1
    assert "read, write, ask, approve, admin" in ran.err


def test_serve_answers_over_http(company, farley, monkeypatch):
    made = farley("token", "create", "sync", "--as", "Ada North", "--json").json
    answers = []

    def run(app, *, host, port, **options):  # the real server on a free port, until it was asked
        server = uvicorn.Server(uvicorn.Config(app, host=host, port=0, **options))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        address = server.servers[0].sockets[0].getsockname()[1]
        request = urllib.request.Request(f"http://{host}:{address}/api/deals?limit=1")
        request.add_header("Authorization", f"Bearer {made['token']}")
        answers.append(urllib.request.urlopen(request).status)
        try:
            urllib.request.urlopen(f"http://{host}:{address}/api/deals")
        except urllib.error.HTTPError as refused:
            answers.append(refused.code)
        server.should_exit = True
        thread.join()

    monkeypatch.setattr(uvicorn, "run", run)
    ran = farley("serve")

    assert answers == [200, 401]
    assert "REST: http://127.0.0.1:8000/api" in ran.out
