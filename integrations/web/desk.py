"""What the pages stand on: the parts of the process, handed in by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from copilot.agent import Copilot
from copilot.feedback import Feedback
from copilot.memory.transcripts import Transcripts
from crm_core.db import Store
from crm_core.signing_in import Sessions
from integrations.delivery import Mailer
from integrations.settings import Settings
from integrations.web.oidc import Provider
from integrations.web.page import Page

DOOR = "web"


@dataclass(frozen=True)
class Desk:
    """One for the process.

    Attributes:
        copilot: answers and proposes.
        store: of the company.
        sessions: who is signed in.
        settings: of the process.
        today: the day that it is.
        pages: all that there are.
        transcripts: what was said in the chat.
        feedback: what people think of answers.
        provider: where people may sign in by OpenID Connect; None: nowhere.
        mailer: the way for drafts to leave; None: no mail server is set.
    """

    copilot: Copilot
    store: Store
    sessions: Sessions
    settings: Settings
    today: Callable[[], date]
    pages: tuple[Page, ...]
    transcripts: Transcripts
    feedback: Feedback
    mailer: Mailer | None = None
    provider: Provider | None = None
