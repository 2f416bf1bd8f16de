"""An answer that comes a few lines at a time, where the workspace has assistant threads.

Its words have been checked as a whole before the first of them is sent. They go as blocks, like everything that is
said: in the Markdown that a stream also takes, the name of a customer could be a link.
"""

import logging
from contextlib import suppress
from itertools import takewhile
from typing import Any

from slack_sdk.errors import SlackApiError

from integrations.pieces import in_pieces
from integrations.slack.blocks.message import Message
from integrations.slack.blocks.text import Block, rich_block
from integrations.slack.door import Door, Place

log = logging.getLogger(__name__)

_WORDS = ("rich_text_section", "rich_text_list")


def stream(door: Door, place: Place, message: Message) -> bool:
    """Say a message piece by piece, its tables and buttons last.

    Returns:
        False: it cannot be streamed here, and nothing was said.
    """
    pieces, rest = pieces_of(message), list(message.blocks[len(words_of(message)) :])
    if not pieces or not place.may_be_assistants:
        return False
    client, channel = door.client, place.channel
    try:
        started = client.chat_startStream(
            channel=channel, thread_ts=str(place.thread), recipient_user_id=place.user,
            recipient_team_id=door.people.team, chunks=_chunks(pieces[0]),
        )  # fmt: skip
    except SlackApiError:
        return False  # the workspace has none, or the thread is no assistant's
    ts = str(started["ts"])
    try:
        for piece in pieces[1:]:
            client.chat_appendStream(channel=channel, ts=ts, chunks=_chunks(piece))
        client.chat_stopStream(channel=channel, ts=ts, blocks=rest or None)
    except SlackApiError as error:
        log.warning("an answer was not streamed to its end: %s", error.response.get("error"))
        with suppress(SlackApiError):
            client.chat_stopStream(channel=channel, ts=ts)  # Slack closes some by itself
        client.chat_update(channel=channel, ts=ts, text=message.text, blocks=list(message.blocks))
    return True


def pieces_of(message: Message) -> list[Block]:
    """The words that a message begins with, a few lines a block, a list with the line above it; empty: it has none."""
    lines = (line for block in words_of(message) for line in block["elements"])
    return [rich_block(piece) for piece in in_pieces(lines, begins=_begins)]


def words_of(message: Message) -> list[Block]:
    """The blocks before the first one that holds no words: a table, a note, a button."""
    return list(takewhile(_is_words, message.blocks))


def _is_words(block: Block) -> bool:
    return block["type"] == "rich_text" and all(line["type"] in _WORDS for line in block["elements"])


def _begins(line: Block) -> bool:
    """A line of words begins a passage; a list and a blank line belong to the one above."""
    return line["type"] == "rich_text_section" and bool("".join(one["text"] for one in line["elements"]).strip())


def _chunks(block: Block) -> list[dict[str, Any]]:
    return [{"type": "blocks", "blocks": [block]}]
