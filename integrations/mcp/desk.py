"""What the protocol is answered with: tools in a person's name, and the two prompts."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from copilot.toolbox import Offered, Toolbox
from crm_core.access import Actor
from crm_core.changes import list_changes
from crm_core.changes.draft import look_up, set_as_json
from crm_core.db import Store
from crm_core.errors import CrmError, Forbidden, NotFound
from crm_core.tokens import Right
from integrations.current import bring_up_to_date
from prompts import render

log = logging.getLogger(__name__)

DOOR = "mcp"
MOST_PROPOSALS, MOST_CHANGES = 50, 50
MINE = Offered(
    "list_my_proposals",
    "List what this person proposed and has not decided on yet, with the exact old and new values. Only a person "
    "approves, with `farley approve` or over REST: there is no tool for it.",
    {"type": "object", "properties": {}, "additionalProperties": False},
    proposes=False,
)


@dataclass(frozen=True)
class Person:
    """Who is behind a request, and what they let the client do."""

    actor: Actor
    rights: frozenset[Right]


@dataclass(frozen=True)
class Told:
    """What a tool said."""

    text: str
    is_error: bool = False


@dataclass(frozen=True)
class Guide:
    """A prompt that a client can start from."""

    name: str
    description: str
    argument: str
    said: str


GUIDES = (
    Guide("meeting_prep", "Prepare a talk with or about a customer.", "about",
          "whom or what it is about, such as account:Acme; empty: the next appointment of the day"),
    Guide("pipeline_review", "Go through the open deals and say what needs a decision.", "whose",
          "whose deals, such as a rep's name; empty: mine"),
)  # fmt: skip


class Desk:
    """Answers clients.

    Args:
        store: of the company.
        toolbox: the agent's tools.
        today: the day that it is.
    """

    def __init__(self, store: Store, toolbox: Toolbox, *, today: Callable[[], date]) -> None:
        self._store = store
        self._toolbox = toolbox
        self._today = today

    def tools(self, person: Person) -> list[Offered]:
        """What this person lets the client use."""
        return [one for one in (*self._toolbox.offered, MINE) if _right(one) in person.rights]

    def call(self, name: str, arguments: Mapping[str, Any], person: Person) -> Told:
        """Run a tool; an expected error is told to the client, a bug by its id alone."""
        try:
            return Told(self._call(name, arguments, person))
        except CrmError as error:
            return Told(str(error), is_error=True)
        except Exception:  # the edge of this door
            error_id = uuid4().hex[:8]
            log.exception("bug id=%s tool=%s", error_id, name)
            return Told(f"Something went wrong that should not have; it is in the log as {error_id}.", is_error=True)

    def guide(self, name: str, arguments: Mapping[str, str]) -> str:
        """The text of a prompt; NotFound where there is none of that name."""
        found = next((one for one in GUIDES if one.name == name), None)
        if found is None:
            raise NotFound(f"There is no prompt {name!r}.")
        return render(f"mcp/{name}", given=arguments.get(found.argument) or "-", today=self._today().isoformat())

    def _call(self, name: str, arguments: Mapping[str, Any], person: Person) -> str:
        known = {one.name: one for one in (*self._toolbox.offered, MINE)}
        if name not in known:
            raise NotFound(f"There is no tool {name!r}; there are: {', '.join(known)}.")
        if _right(known[name]) not in person.rights:
            raise Forbidden(f"This token lacks the right {_right(known[name])!r}, which {name} takes.")
        bring_up_to_date(self._store, self._today())
        if name == MINE.name:
            return self._mine(person.actor)
        return self._toolbox.call(name, arguments, actor=person.actor, today=self._today(), door=DOOR)

    def _mine(self, actor: Actor) -> str:
        waiting = list_changes(self._store, actor, limit=500, waiting=True)
        own = [one for one in waiting if one.head.asked_by_id == actor.id]
        told = []
        for one in own[:MOST_PROPOSALS]:
            _, changes = look_up(self._store, one.id, actor=actor, limit=MOST_CHANGES)
            told.append({**set_as_json(one), "changes": changes})
        return json.dumps({"proposals": told, "waiting": len(own)}, ensure_ascii=False)


def _right(tool: Offered) -> Right:
    return Right.ASK if tool.proposes else Right.READ
