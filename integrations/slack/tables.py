"""The buttons under an answer: another page, the table as CSV, a thumb up or down."""

import csv
import io

from copilot.feedback import Verdict
from copilot.labels import column_label
from copilot.table import to_json
from crm_core.query.result import QueryResult
from crm_core.query.run import run_query
from crm_core.transfer.text import guard
from integrations.slack.blocks.message import message
from integrations.slack.blocks.table import Shown, table_blocks
from integrations.slack.door import Door, place_of
from integrations.slack.inbox import DOOR
from integrations.slack.people import Person
from integrations.slack.shape import Payload
from integrations.slack.words import say

BUTTONS = ("page_earlier", "page_later", "csv")


def on_table(door: Door, person: Person, payload: Payload) -> None:
    """The question is asked anew as the person who pressed: they see what they may see, as it is now."""
    action = payload["actions"][0]
    shown = Shown.unpacked(str(action.get("value") or ""))
    if shown is None:
        door.hint(payload, say("not_shown", person.lang))
        return
    result = run_query(door.store.for_agent, shown.spec, actor=person.actor, today=door.today(person))
    if action["action_id"] == "csv":
        send_csv(door, person, payload, result, shown)
    else:
        _show_page(door, payload, result, shown)


def _show_page(door: Door, payload: Payload, result: QueryResult, shown: Shown) -> None:
    """The page in the place of the last one; the answer that the first one stands under stays as it was given."""
    page = message(say("page_of", shown.lang), table_blocks(result, shown.lang, page=shown.page), shown.lang)
    container, place = payload.get("container") or {}, place_of(payload)
    if container.get("is_ephemeral") and len((payload.get("message") or {}).get("blocks") or ()) <= len(page.blocks):
        door.redraw(payload, page)
    elif place is not None:
        door.say(place, page)


def send_csv(door: Door, person: Person, payload: Payload, result: QueryResult, shown: Shown) -> None:
    """The whole table as a file in a direct message."""
    channel = door.direct(person.slack_id)
    door.client.files_upload_v2(
        channel=channel, filename="farley.csv", content=as_csv(result, shown), title=say("csv_sent", shown.lang)
    )
    if (payload.get("container") or {}).get("channel_id") != channel:
        door.hint(payload, say("csv_comes", shown.lang))


def as_csv(result: QueryResult, shown: Shown) -> str:
    """A table for a spreadsheet; text that it would run as a formula stays text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([guard(column_label(column.label, result.entity, shown.lang)) for column in result.columns])
    for row in result.rows:
        values = (to_json(value) for value in row.values)
        writer.writerow([guard(value) if isinstance(value, str) else value for value in values])
    return "\ufeff" + out.getvalue()


def on_opinion(door: Door, person: Person, payload: Payload) -> None:
    """A thumb up or down is kept once for each person and answer; the last one holds."""
    action, container = payload["actions"][0], payload.get("container") or {}
    turn = f"{DOOR}:{container.get('channel_id')}:{container.get('message_ts')}"
    if door.feedback is not None:
        verdict: Verdict = "good" if action["action_id"] == "good" else "bad"
        question = str(action.get("value") or "")
        door.feedback.record(turn[:260], person.actor.id, verdict, question=question, at=door.clock())
    door.hint(payload, say("thanks", person.lang))
