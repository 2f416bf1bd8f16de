"""What a page is: where it stands, what it is called, who may see it, and what builds it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from crm_core.access import Actor

if TYPE_CHECKING:
    from integrations.web.desk import Desk
    from integrations.web.people import Person

Build = Callable[..., Any]  # (desk, person, **places) → None or a coroutine


class Nav(StrEnum):
    """Where the navigation shows a page."""

    MAIN = "main"  # on the phone it stands at the bottom
    MORE = "more"
    NONE = "none"


def everybody(_: Actor) -> bool:
    """Whoever is signed in may see the page; what it shows is bounded by their rights."""
    return True


@dataclass(frozen=True)
class Page:
    """One page.

    Attributes:
        path: of its address; holes such as {id} reach `build` as keywords.
        key: of its name in the words.
        build: makes it, for (desk, person) and what stands in the address. It raises NotFound for a record that is
            not there or may not be seen.
        icon: Material's name.
        nav: where the navigation shows it.
        hotkey: opens it from anywhere outside a field.
        may_see: who; for others it is not there.
        query: names of what may stand behind the question mark; they reach `build` as keywords, "" where absent.
        badge: a number beside its name in the navigation, counted when a page opens.
    """

    path: str
    key: str
    build: Build
    icon: str = "article"
    nav: Nav = Nav.NONE
    hotkey: str | None = None
    may_see: Callable[[Actor], bool] = everybody
    query: tuple[str, ...] = ()
    badge: "Callable[[Desk, Person], int] | None" = None
