"""Posting to an address that somebody registered, and to no other machine: what was checked is what is connected to."""

import contextlib
import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

from crm_core.errors import Invalid

TIMEOUT_S = 10.0
SIGNATURE = "Farley-Signature"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Answered:
    """What the other side said: a status of HTTP, or None and why there was none."""

    status: int | None
    told: str

    @property
    def is_taken(self) -> bool:
        """Whether it took what was sent."""
        return self.status is not None and 200 <= self.status < 300


def check_url(url: str, *, may_be_private: bool) -> None:
    """Invalid unless the address may be posted to as far as it is written; where it leads is checked on each post."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Invalid(f"{url[:200]!r} is no address.", field="url") from None
    schemes = ("https", "http") if may_be_private else ("https",)
    if parts.scheme not in schemes or not parts.hostname or port == 0:
        raise Invalid(f"A webhook's address begins with {' or '.join(schemes)}:// and names a host.", field="url")
    if parts.username or parts.password or parts.fragment or len(url) > 2000 or not url.isascii():
        raise Invalid(
            "A webhook's address is plain: no user, no fragment, at most 2,000 ASCII characters.", field="url"
        )
    if any(char <= " " or char == "\x7f" for char in url):
        raise Invalid("A webhook's address holds no spaces or control characters.", field="url")
    with contextlib.suppress(ValueError):
        if not may_be_private and not is_public(ipaddress.ip_address(parts.hostname)):
            raise Invalid("That address lies in a private network.", field="url")


def is_public(address: Address) -> bool:
    """Whether the address is some machine on the internet, also behind the ways to write one address in another."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def post(
    url: str, body: bytes, *, secret: str, at: int, may_be_private: bool, timeout_s: float = TIMEOUT_S
) -> Answered:
    """Post a signed body; follows no redirect and reads no answer but its status.

    Args:
        url: as it was registered.
        body: JSON.
        secret: signs `<at>.<body>`.
        at: seconds since 1970.
        may_be_private: machines of this network may be reached.
        timeout_s: for all of it.
    """
    parts = urlsplit(url)
    host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
    connection: http.client.HTTPConnection | None = None
    timer = None
    try:
        address = _resolve(host, port, may_be_private=may_be_private)
        connection = _Connection(host, port, address, is_tls=parts.scheme == "https", timeout=timeout_s)
        connection.connect()
        timer = threading.Timer(timeout_s, _cut, [connection])
        timer.start()
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, _headers(body, secret, at))
        status = connection.getresponse().status
        return Answered(status, f"HTTP {status}")
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
        return Answered(None, f"{type(error).__name__}: {error}"[:200])
    finally:
        if timer is not None:
            timer.cancel()
        if connection is not None:
            connection.close()


def sign(secret: str, at: int, body: bytes) -> str:
    """The signature header of a body."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _headers(body: bytes, secret: str, at: int) -> dict[str, str]:
    return {
        "Content-Type": "application/json", "User-Agent": "Farley", SIGNATURE: sign(secret, at, body),
        "Connection": "close",
    }  # fmt: skip


def _resolve(host: str, port: int, *, may_be_private: bool) -> str:
    """One address of the host; OSError where it leads, even in part, into a private network."""
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not may_be_private and not all(is_public(ipaddress.ip_address(one.split("%")[0])) for one in found):
        raise OSError("the address leads into a private network")
    return found[0]


def _cut(connection: http.client.HTTPConnection) -> None:
    """End an exchange that drips on."""
    used = connection.sock
    if used is not None:
        with contextlib.suppress(OSError):
            used.shutdown(socket.SHUT_RDWR)


class _Connection(http.client.HTTPConnection):
    """Connects to the address that was checked, and holds the host to its certificate."""

    def __init__(self, host: str, port: int, address: str, *, is_tls: bool, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._address = address
        self._is_tls = is_tls

    def connect(self) -> None:
        """To the checked address; the name is not looked up again."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = (
            ssl.create_default_context().wrap_socket(plain, server_hostname=self.host) if self._is_tls else plain
        )
