"""Readers and writers at once over REST: requests a second, how long they wait, and whether a write is lost."""

import http.client
import json
import random
import statistics
import threading
import time
from dataclasses import dataclass, field

CLIENTS, WRITES = 20, 0.2
LIMIT_PER_S, LIMIT_P95_MS = 100, 250
_READS = (
    "/api/deals?limit=50",
    "/api/deals?limit=50&stage=Won",
    "/api/deals?limit=50&sort=-closed_on",
    "/api/accounts?limit=50&sort=-updated_at",
    "/api/deals/{}",
    "/api/accounts/{}",
)


@dataclass
class Load:
    """What the clients saw.

    Attributes:
        waited_s: of each request.
        errors: answers that were none, with their status.
        written: by deal, what its writer was told last that stands there.
        lost: deals where something else stands.
    """

    waited_s: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    written: dict[int, str] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def per_s(self) -> float:
        """Requests a second."""
        return len(self.waited_s) / self.seconds

    @property
    def p95_ms(self) -> float:
        """What 95 of 100 requests wait at most."""
        return statistics.quantiles(self.waited_s, n=100)[94] * 1000

    @property
    def passes(self) -> bool:
        """Whether it is as fast as it should be, and whole."""
        return not self.errors and not self.lost and self.per_s >= LIMIT_PER_S and self.p95_ms <= LIMIT_P95_MS

    def __str__(self) -> str:
        whole = f"{len(self.errors)} errors {self.errors[:3]}, {len(self.lost)} of {len(self.written)} writes lost"
        return f"{self.per_s:.0f}/s   p95 {self.p95_ms:.0f} ms   {whole}"


class _Client:
    """One of them: reads anything, and writes deals that nobody else writes."""

    def __init__(self, number: int, port: int, token: str, load: Load) -> None:
        self._number, self._load = number, load
        self._random = random.Random(number)
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "If-Match": "*"}

    def run(self, ends: float) -> None:
        """Until then."""
        count = 0
        while time.perf_counter() < ends:
            count += 1
            if self._random.random() < WRITES:
                self._write(1 + self._number + CLIENTS * self._random.randrange(50), f"call {self._number}.{count}")
            else:
                self.ask("GET", self._random.choice(_READS).format(self._random.randint(1, 2000)))

    def check(self) -> None:
        """Whether what was written stands there."""
        for deal, text in self._load.written.items():
            _, body = self.ask("GET", f"/api/deals/{deal}?fields=next_step")
            if json.loads(body).get("next_step") != text:
                self._load.lost.append(deal)

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[bool, bytes]:
        """Whether it was answered well, and the answer."""
        begun = time.perf_counter()
        self._connection.request(method, path, body, self._headers)
        answer = self._connection.getresponse()
        told = answer.read()
        self._load.waited_s.append(time.perf_counter() - begun)
        if answer.status != 200:
            self._load.errors.append(f"{answer.status} {method} {path} {told[:200]!r}")
        return answer.status == 200, told

    def _write(self, deal: int, text: str) -> None:
        if self.ask("PATCH", f"/api/deals/{deal}", json.dumps({"next_step": text}))[0]:
            self._load.written[deal] = text


def mixed(port: int, token: str, seconds: float) -> Load:
    """Twenty clients for so long, one of five requests a write; then every write is looked for."""
    load = Load(seconds=seconds)
    clients = [_Client(number, port, token, load) for number in range(CLIENTS)]
    ends = time.perf_counter() + seconds
    threads = [threading.Thread(target=client.run, args=(ends,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen = Load(written=load.written, seconds=seconds)
    _Client(CLIENTS, port, token, seen).check()
    load.lost, load.errors = seen.lost, load.errors + seen.errors
    return load
