"""How a connection to a mail server is protected."""

import ipaddress
from typing import Literal

from crm_core.errors import Invalid

Security = Literal["tls", "starttls", "none"]


def check_encrypted(host: str, security: Security, *, setting: str) -> None:
    """Invalid where mail and password would cross a network in the open; `setting` is what has to be changed."""
    if security == "none" and not _is_this_machine(host):
        raise Invalid(f"Mail goes to and from {host} only with encryption: set {setting} to tls or starttls.")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
