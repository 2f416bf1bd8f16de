"""Socket Mode: Slack's events over a connection that Farley opens, for a machine that nobody reaches from outside."""

import json
import logging
from collections.abc import Callable

from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from crm_core.errors import Unavailable
from integrations.slack.gate import MOST_BYTES
from integrations.slack.inbox import Inbox
from integrations.slack.quiet import quiet
from integrations.slack.shape import is_slacks

log = logging.getLogger(__name__)


def connect(inbox: Inbox, client: WebClient, *, app_token: str, came: Callable[[], None]) -> SocketModeClient:
    """Open the connection; it is opened again when it breaks. An event is kept before it is acknowledged.

    Raises:
        SlackApiError: Slack refuses the token.
    """
    socket = SocketModeClient(app_token=app_token, web_client=client, logger=quiet)

    def take(connection: BaseSocketModeClient, request: SocketModeRequest) -> None:
        try:
            if is_slacks(request.payload) and len(json.dumps(request.payload)) <= MOST_BYTES:
                if inbox.put(request.payload):
                    came()
            else:
                log.warning("dropped a %s of a form that Slack does not send", request.type)
        except Unavailable as error:
            log.error("an event is not acknowledged, Slack sends it again: %s", error)
            return
        connection.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

    socket.socket_mode_request_listeners.append(take)
    socket.connect()
    return socket
