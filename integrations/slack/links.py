"""Previews of links to records: only of our own pages, and only where everybody who sees the message may read them."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from slack_sdk.errors import SlackApiError

from copilot.labels import column_label
from copilot.offline.say.values import value_in_words
from crm_core.errors import CrmError
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from integrations.slack.blocks.link import Preview, link_blocks
from integrations.slack.door import Door, is_foreign
from integrations.slack.people import Person
from integrations.slack.shape import Payload

_MOST = 5  # previews of one message
_PAGE = re.compile(r"/([a-z_]{1,40})/([0-9]{1,19})/?")
_SHOWN: dict[str, tuple[str, ...]] = {
    "deal": ("name", "stage", "amount", "closes_on", "account", "owner"),
    "account": ("name", "industry", "country", "owner"),
    "contact": ("name", "title", "account", "owner"),
    "lead": ("name", "company", "status", "owner"),
    "task": ("title", "status", "due_on", "owner"),
    "product": ("name", "price"),
}
_IN_DIRECT = "D"  # ids of direct messages begin so


def on_link(door: Door, person: Person, payload: Payload) -> None:
    """Somebody posted links of ours; a channel that may not see records gets no preview, and hears nothing."""
    event = payload["event"]
    channel, at = str(event.get("channel") or ""), str(event.get("message_ts") or "")
    if not at or not _may_show(door, person, channel, payload):
        return
    found = {url: {"blocks": link_blocks(one, person.lang)} for url, one in _previews(door, person, event.get("links"))}
    if not found:
        return
    try:
        door.client.chat_unfurl(channel=channel, ts=at, unfurls=found)
    except SlackApiError as error:
        if error.response.get("error") not in ("cannot_unfurl_url", "cannot_find_message", "cannot_unfurl_message"):
            raise


def _may_show(door: Door, person: Person, channel: str, payload: Payload) -> bool:
    """Whether nobody else reads along, or every reader may read records. Slack tells of links in others' talks too."""
    if channel.startswith(_IN_DIRECT):
        return channel == door.direct(person.slack_id)
    return door.is_open(channel) and not is_foreign(payload)


def _previews(door: Door, person: Person, links: Any) -> Iterator[tuple[str, Preview]]:
    urls = [str(one.get("url") or "") for one in links if isinstance(one, dict)] if isinstance(links, list) else []
    for url in urls[:_MOST]:
        entity, record_id = record_of(url, door.web)
        shown = read_preview(door, person, entity, record_id) if entity else None
        if shown is not None:
            yield url, shown


def record_of(url: str, web: str) -> tuple[str, int]:
    """Entity and id of the record whose page a link leads to; ("", 0) for any other link."""
    try:
        told, ours = urlsplit(url), urlsplit(web)
        same = (told.scheme, told.hostname, told.port) == (ours.scheme, ours.hostname, ours.port)
    except ValueError:
        return "", 0
    base = ours.path.rstrip("/")
    if not web or not same or told.username is not None or not told.path.startswith(base):
        return "", 0
    page = _PAGE.fullmatch(told.path[len(base) :])
    return (page[1], int(page[2])) if page and page[1] in _SHOWN else ("", 0)


def read_preview(door: Door, person: Person, entity: str, record_id: int) -> Preview | None:
    """A few fields of a record, as the person may read them; None where there is none for them."""
    fields = door.store.schema.entity(entity).fields
    columns = [name for name in _SHOWN[entity] if name in fields and fields[name].ask]
    spec = QuerySpec(entity=entity, columns=columns)
    try:
        result = run_query(door.store.for_agent, spec, actor=person.actor, today=door.today(person), only=[record_id])
    except CrmError:
        return None
    if not result.rows:
        return None
    told = [
        (column_label(column.label, entity, person.lang), value_in_words(value, column, person.lang))
        for column, value in zip(result.columns, result.rows[0].values, strict=True)
        if value not in (None, "")
    ]
    return Preview(entity, told[0][1] if told else "", tuple(told[1:]))
