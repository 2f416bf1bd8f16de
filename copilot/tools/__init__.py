"""The agent's tools: READ looks things up, PROPOSE drafts changes that a person must approve. None writes."""

from langchain.tools import BaseTool

from copilot.tools.describe import describe_data
from copilot.tools.drafts import draft
from copilot.tools.history import search_history
from copilot.tools.pages import brief, report, summarise
from copilot.tools.propose import propose_changes, withdraw_proposal
from copilot.tools.query import query_crm
from copilot.tools.records import get_record
from copilot.tools.verdicts import ask_user, cannot_answer

VERDICTS: tuple[BaseTool, ...] = (ask_user, cannot_answer)
READ: tuple[BaseTool, ...] = (
    query_crm,
    get_record,
    search_history,
    summarise,
    brief,
    report,
    describe_data,
    *VERDICTS,
)
PROPOSE: tuple[BaseTool, ...] = (propose_changes, withdraw_proposal, draft)
