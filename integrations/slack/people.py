"""Who is asking: the person of the CRM behind somebody in Slack, looked up on each request."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk import WebClient
from sqlalchemy import delete, func, insert, select

from copilot.context import Lang
from crm_core.access import ADMIN, Actor
from crm_core.db import Store
from crm_core.errors import CrmError, Forbidden, Invalid
from crm_core.models import DoorLink, User
from crm_core.users import find_actor
from integrations.slack.inbox import DOOR

FRESH_S = 60  # that Slack's word on somebody is good for; a decision asks anew


class Stranger(CrmError):
    """Somebody who gets no answer. `key` names the sentence that says so, in `lang`."""

    def __init__(self, key: str, lang: Lang = "en") -> None:
        super().__init__(key)
        self.key = key
        self.lang = lang


@dataclass(frozen=True)
class Person:
    """Somebody in Slack who is a user of this CRM.

    Attributes:
        slack_id: in Slack.
        actor: here.
        lang: that they have set in Slack.
        zone: in which their day begins.
    """

    slack_id: str
    actor: Actor
    lang: Lang
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))


class People:
    """The users of `store` as the workspace `team` knows them."""

    def __init__(self, store: Store, client: WebClient, *, team: str) -> None:
        self._store = store
        self._client = client
        self.team = team
        self._known: dict[str, tuple[float, Mapping[str, Any]]] = {}

    def get(self, slack_id: str, team: str | None, *, fresh: bool = False) -> Person:
        """The person.

        Args:
            slack_id: of the user in Slack.
            team: that the request names as theirs.
            fresh: Slack is asked now.

        Raises:
            Stranger: a guest, somebody of another workspace, a bot, someone who left, or nobody we know.
            SlackApiError: Slack does not say.
        """
        if team not in (None, self.team):
            raise Stranger("stranger")
        told = self._told(slack_id, fresh=fresh)
        lang = _lang(told)
        if not _belongs(told, self.team):
            raise Stranger("stranger", lang)
        user_id = self._user_id(slack_id, told)
        if user_id is None:
            raise Stranger("unlinked", lang)
        actor = find_actor(self._store, user_id)
        if actor is None:
            raise Stranger("stranger", lang)
        return Person(slack_id, actor, lang, _zone(str(told.get("tz") or "UTC")))

    def lang_of(self, slack_id: str) -> Lang:
        """Their language as Slack last told it; English where it told nothing."""
        return _lang(self._known[slack_id][1]) if slack_id in self._known else "en"

    def link(self, slack_id: str, user: Actor, *, by: Actor, at: datetime | None = None) -> None:
        """Say who somebody in Slack is here; an administrator's word, in the place of an earlier one.

        Raises:
            Forbidden: `by` is no administrator.
            Invalid: that is nobody's id, or nobody that somebody can be.
        """
        if not re.fullmatch(r"[UW][A-Z0-9]{2,30}", slack_id):
            raise Invalid(f"{slack_id!r} is no member's id; in Slack it stands in their profile, such as U0123ABCD.")
        if user.id == ADMIN.id:
            raise Invalid("The built-in administrator is no person; give somebody's name or email address.")
        self.unlink(slack_id, by=by)
        row = {
            "door": DOOR, "outsider": self.outsider(slack_id), "user_id": user.id, "approved_by": by.name,
            "approved_at": at or datetime.now(UTC),
        }  # fmt: skip
        with self._store.derive() as connection:
            connection.execute(insert(DoorLink), [row])

    def unlink(self, slack_id: str, *, by: Actor) -> None:
        """Take an administrator's word back.

        Raises:
            Forbidden: `by` is no administrator.
        """
        if by.role != "admin":
            raise Forbidden(f"{by.name} may not say who is who: that takes an administrator.")
        with self._store.derive() as connection:
            link = (DoorLink.door == DOOR, DoorLink.outsider == self.outsider(slack_id))
            connection.execute(delete(DoorLink).where(*link))

    def _told(self, slack_id: str, *, fresh: bool) -> Mapping[str, Any]:
        known = self._known.get(slack_id)
        if known is not None and not fresh and time.monotonic() - known[0] < FRESH_S:
            return known[1]
        told: Mapping[str, Any] = self._client.users_info(user=slack_id, include_locale=True)["user"]
        self._known[slack_id] = (time.monotonic(), told)
        return told

    def _user_id(self, slack_id: str, told: Mapping[str, Any]) -> int | None:
        """By an administrator's word, else by the address that Slack has checked; None where neither says."""
        with self._store.read() as connection:
            link = (DoorLink.door == DOOR, DoorLink.outsider == self.outsider(slack_id))
            linked = connection.execute(select(DoorLink.user_id).where(*link)).scalar()
            if linked is not None:
                return int(linked)
            email = str((told.get("profile") or {}).get("email") or "").strip().lower()
            if not email or not told.get("is_email_confirmed"):
                return None
            same = (func.lower(User.email) == email, User.deleted_at.is_(None))
            found = connection.execute(select(User.id).where(*same).limit(2)).scalars().all()
        return int(found[0]) if len(found) == 1 else None

    def outsider(self, slack_id: str) -> str:
        """The name by which the store knows somebody in Slack."""
        return f"{self.team}/{slack_id}"


def _belongs(told: Mapping[str, Any], team: str) -> bool:
    marks = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger", "is_workflow_bot")
    return told.get("team_id") == team and not any(told.get(mark) for mark in marks)


def _lang(told: Mapping[str, Any]) -> Lang:
    return "zh" if str(told.get("locale", "")).startswith("zh") else "en"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
