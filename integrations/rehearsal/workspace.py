"""A workspace on this machine: Slack's Web API over HTTP, which refuses what Slack would refuse.

Each call is kept; one that breaks a documented limit is answered as Slack does and noted in `violations`.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from integrations.rehearsal.limits import blocks_of, wrong_with_message, wrong_with_stream, wrong_with_view

TEAM, BOT, BOT_USER, TOKEN = "T0FARLEY", "B0FARLEY", "U0FARLEY", "xoxb-fake"


@dataclass
class Posted:
    """A message as it stands; `to`: the one person who sees it, or None for all in the channel."""

    channel: str
    ts: str
    text: str
    blocks: list[dict[str, Any]]
    thread: str | None = None
    to: str | None = None
    is_open: bool = False

    @property
    def shown(self) -> str:
        """All that a person reads."""
        found: list[str] = []
        _gather(self.blocks, found)
        return "".join(found) if self.blocks else self.text

    def button(self, label_or_action: str) -> dict[str, Any]:
        """A button by its label or its action; KeyError where there is none."""
        for block in self.blocks:
            for one in block.get("elements", []) if block["type"] == "actions" else []:
                if label_or_action in (one["text"]["text"], one["action_id"]):
                    return {**one, "block_id": block.get("block_id", "b")}
        raise KeyError(label_or_action)

    @property
    def buttons(self) -> list[str]:
        """The actions of all buttons."""
        return [one["action_id"] for block in self.blocks if block["type"] == "actions" for one in block["elements"]]


@dataclass
class FakeSlack:
    """The workspace. `users` are answers of users.info; `fails` gives the error that a method answers next."""

    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: list[Posted] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    fails: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    token: str = TOKEN
    socket_url: str = ""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._uploads: dict[str, bytes] = {}
        slack = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                slack._serve(self, body)

            do_GET = do_POST

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=lambda: self._server.serve_forever(0.02), daemon=True)
        self._thread.start()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def api_url(self) -> str:
        return f"{self.root}/api/"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def add_user(self, user: str, email: str | None, **given: Any) -> str:
        """Somebody in the workspace with a checked address."""
        told = {"id": user, "team_id": TEAM, "profile": {"email": email}, "is_email_confirmed": True, "tz": "UTC",
                "locale": "en-US"}  # fmt: skip
        self.users[user] = told | given
        return user

    def seen_by(self, user: str) -> list[Posted]:
        """What somebody sees, in order: what all see, and what only they do."""
        mine = f"D{user}"
        return [one for one in self.messages if one.to == user or (one.to is None and one.channel in (mine, "C0SALES"))]

    def ts(self) -> str:
        with self._lock:
            self._count += 1
            return f"{1_700_000_000 + self._count}.{self._count:06d}"

    def _serve(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        path = urlsplit(request.path).path
        headers: dict[str, str] = {"x-oauth-scopes": "chat:write,commands"}
        if path.startswith("/upload/"):
            self._uploads[path] = body
            answer: Any = "OK"
            status = 200
        elif path.startswith("/respond/"):
            fault = self.fails["respond"].pop(0) if self.fails.get("respond") else None
            status, answer = (fault[0], fault[1]) if fault else (200, self._respond(path, json.loads(body)))
        else:
            status, answer, headers = self._method(path.removeprefix("/api/"), request, body, headers)
        raw = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        request.send_response(status)
        for name, value in {**headers, "content-type": "application/json", "content-length": str(len(raw))}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(raw)

    def _method(
        self, name: str, request: BaseHTTPRequestHandler, body: bytes, headers: dict[str, str]
    ) -> tuple[int, Any, dict[str, str]]:
        call = _arguments(request, body)
        with self._lock:
            self.calls.append((name, call))
        if self.fails.get(name):
            status, error = self.fails[name].pop(0)
            return status, {"ok": False, "error": error}, headers | ({"retry-after": "0"} if status == 429 else {})
        if request.headers.get("authorization") not in (f"Bearer {self.token}", "Bearer xapp-fake"):
            return 200, {"ok": False, "error": "token_revoked"}, headers
        work: Callable[[dict[str, Any]], dict[str, Any]] | None = getattr(self, "_" + name.replace(".", "_"), None)
        if work is None:
            return 200, {"ok": False, "error": "unknown_method"}, headers
        return 200, {"ok": True} | work(call), headers

    def _auth_test(self, _call: dict[str, Any]) -> dict[str, Any]:
        return {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT, "url": "https://farley.slack.com/"}

    def _users_info(self, call: dict[str, Any]) -> dict[str, Any]:
        user = self.users.get(call["user"])
        return {"user": user} if user else {"ok": False, "error": "user_not_found"}

    def _conversations_open(self, call: dict[str, Any]) -> dict[str, Any]:
        users = call["users"]
        return {"channel": {"id": f"D{users if isinstance(users, str) else users[0]}"}}

    def _chat_postMessage(self, call: dict[str, Any]) -> dict[str, Any]:
        return self._post(call, to=None)

    def _chat_postEphemeral(self, call: dict[str, Any]) -> dict[str, Any]:
        return self._post(call, to=call["user"])

    def _post(self, call: dict[str, Any], *, to: str | None) -> dict[str, Any]:
        if wrong := wrong_with_message(call):
            self.violations += wrong
            return {"ok": False, "error": "invalid_blocks"}
        made = Posted(call["channel"], self.ts(), call["text"], call.get("blocks") or [], call.get("thread_ts"), to)
        with self._lock:
            self.messages.append(made)
        return {"ts": made.ts, "channel": made.channel, "message_ts": made.ts}

    def _chat_startStream(self, call: dict[str, Any]) -> dict[str, Any]:
        if wrong := wrong_with_stream(call) + ([] if call.get("thread_ts") else ["a stream outside a thread"]):
            self.violations += wrong
            return {"ok": False, "error": "invalid_chunks"}
        if not call["channel"].startswith("D"):  # Slack has them there too; Farley's are for direct messages
            return {"ok": False, "error": "channel_type_not_supported"}
        made = Posted(call["channel"], self.ts(), "streamed", blocks_of(call), call["thread_ts"], is_open=True)
        with self._lock:
            self.messages.append(made)
        return {"ts": made.ts, "channel": made.channel}

    def _chat_appendStream(self, call: dict[str, Any]) -> dict[str, Any]:
        return self._streamed(call, blocks_of(call))

    def _chat_stopStream(self, call: dict[str, Any]) -> dict[str, Any]:
        return self._streamed(call, blocks_of(call) + (call.get("blocks") or []), is_last=True)

    def _streamed(self, call: dict[str, Any], blocks: list[dict[str, Any]], *, is_last: bool = False) -> dict[str, Any]:
        found = next((one for one in self.messages if (one.channel, one.ts) == (call["channel"], call["ts"])), None)
        if found is None or not found.is_open:
            return {"ok": False, "error": "message_not_in_streaming_state"}
        if wrong := wrong_with_stream(call, before=found.blocks):
            self.violations += wrong
            return {"ok": False, "error": "invalid_chunks"}
        found.blocks, found.is_open = found.blocks + blocks, not is_last
        return {"ts": found.ts, "channel": found.channel}

    def _chat_update(self, call: dict[str, Any]) -> dict[str, Any]:
        if wrong := wrong_with_message(call):
            self.violations += wrong
            return {"ok": False, "error": "invalid_blocks"}
        found = [one for one in self.messages if (one.channel, one.ts) == (call["channel"], call["ts"])]
        if not found or found[0].to:
            return {"ok": False, "error": "message_not_found"}
        if found[0].is_open:
            return {"ok": False, "error": "streaming_state_conflict"}
        found[0].text, found[0].blocks = call["text"], call.get("blocks") or []
        return {"ts": call["ts"]}

    def _chat_unfurl(self, call: dict[str, Any]) -> dict[str, Any]:
        return {}

    def _respond(self, path: str, call: dict[str, Any]) -> dict[str, Any]:
        """A response_url: /respond/CHANNEL/USER/TS."""
        channel, user, ts = path.split("/")[2:5]
        if wrong := wrong_with_message(call):
            self.violations += wrong
            return {"ok": False, "error": "invalid_blocks"}
        found = [one for one in self.messages if one.ts == ts]
        if call.get("replace_original") and found:
            found[0].text, found[0].blocks = call["text"], call.get("blocks") or []
            return {"ok": True}
        return {"ok": True} | self._post(call | {"channel": channel}, to=user)

    def _views_open(self, call: dict[str, Any]) -> dict[str, Any]:
        if wrong := wrong_with_view(call["view"]):
            self.violations += wrong
            return {"ok": False, "error": "invalid_arguments"}
        self.views.append(call["view"])
        return {"view": call["view"] | {"id": "V1"}}

    def _views_publish(self, call: dict[str, Any]) -> dict[str, Any]:
        if wrong := wrong_with_view(call["view"]):
            self.violations += wrong
            return {"ok": False, "error": "invalid_arguments"}
        self.homes[call["user_id"]] = call["view"]
        return {"view": call["view"]}

    def _assistant_threads_setStatus(self, call: dict[str, Any]) -> dict[str, Any]:
        return {}

    def _assistant_threads_setSuggestedPrompts(self, call: dict[str, Any]) -> dict[str, Any]:
        prompts = call["prompts"]
        if not 0 < len(prompts) <= 4:
            self.violations.append("suggested prompts")
        return {}

    def _files_getUploadURLExternal(self, call: dict[str, Any]) -> dict[str, Any]:
        name = f"F{len(self._uploads)}"
        return {"upload_url": f"{self.root}/upload/{name}", "file_id": name}

    def _files_completeUploadExternal(self, call: dict[str, Any]) -> dict[str, Any]:
        for one in call["files"]:
            self.files.append({"channel": call["channel_id"], "content": self._uploads[f"/upload/{one['id']}"], **one})
        return {"files": call["files"]}

    def _apps_connections_open(self, _call: dict[str, Any]) -> dict[str, Any]:
        return {"url": self.socket_url}


def _arguments(request: BaseHTTPRequestHandler, body: bytes) -> dict[str, Any]:
    if "json" in (request.headers.get("content-type") or ""):
        return dict(json.loads(body or b"{}"))
    pairs = dict(parse_qsl(urlsplit(request.path).query) + parse_qsl(body.decode(), keep_blank_values=True))
    return {name: json.loads(value) if value[:1] in "[{" else value for name, value in pairs.items()}


def _gather(node: Any, found: list[str]) -> None:
    if isinstance(node, dict):
        text = node.get("text")
        if isinstance(text, str):
            found.append(text + ("\n" if node["type"] in ("plain_text", "mrkdwn") else ""))
        for name, part in node.items():
            if name not in ("value", "confirm"):
                _gather(part, found)
    elif isinstance(node, list):
        for part in node:
            _gather(part, found)
