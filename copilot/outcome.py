"""From the messages and the ledger of a finished turn to the Reply."""

import logging
from collections.abc import Sequence

from langchain_core.messages import AIMessage, BaseMessage, ToolMessage

from copilot.cards import choices, proposal_text
from copilot.charts import chart_of
from copilot.citing import citations_of
from copilot.context import TurnContext
from copilot.faithful import doubts
from copilot.fence import strip_marks
from copilot.labels import entity_label
from copilot.offline.model import notes_of, parts_of
from copilot.offline.say import Part, say
from copilot.page import Page
from copilot.receipt import receipt_of
from copilot.recorded import is_recorded
from copilot.refusals import translate
from copilot.reply import Answer, Reply, Status
from copilot.wording import verified, with_cited
from copilot.words import sentence
from crm_core.errors import CrmError, Forbidden, Unavailable

log = logging.getLogger(__name__)


def reply_of(turn: TurnContext, messages: Sequence[BaseMessage]) -> Reply:
    """The reply to a turn.

    Args:
        turn: whose ledger is full.
        messages: of this turn, from the person's on.
    """
    parts = parts_of(messages, turn)
    if turn.ledger.proposals:
        return _proposed(turn, messages)
    if turn.ledger.verdict:
        return _verdict(turn)
    if turn.ledger.withdrawn or turn.ledger.unmatched:
        return _nothing_proposed(turn)
    if turn.ledger.is_stopped:
        return Reply(Status.CANNOT, sentence("stopped", turn.lang), receipt=receipt_of(turn, ()))
    if turn.ledger.pages:
        return _paged(turn, messages, parts)
    if not parts and turn.ledger.failures:
        return error_reply(turn, turn.ledger.failures[-1].error)
    return _answered(turn, messages, parts) if parts else _talked(turn, messages)


def error_reply(turn: TurnContext, error: CrmError) -> Reply:
    """What an expected error means to the person: its text names what was wrong and what would be right."""
    status = Status.CANNOT
    if isinstance(error, Forbidden):
        status = Status.REFUSED
    elif isinstance(error, Unavailable):
        status = Status.ERROR
    return Reply(status, translate(error, turn.lang), receipt=receipt_of(turn, ()))


def _proposed(turn: TurnContext, messages: Sequence[BaseMessage]) -> Reply:
    """Cards alone: whatever else the model wrote is no part of what a person approves."""
    proposals = tuple(turn.ledger.proposals.values())
    pages = tuple(turn.ledger.pages.values())
    return Reply(
        Status.PROPOSED,
        "\n\n".join([proposal_text(turn, notes_of(messages)), *(page.text() for page in pages)]),
        pages=pages,
        citations=tuple(dict.fromkeys(one for page in pages for one in page.citations)),
        proposals=proposals,
        options=choices(proposals[-1].twins, turn.lang),
        receipt=receipt_of(turn, [answer for page in pages for answer in page.answers]),
    )


def _nothing_proposed(turn: TurnContext) -> Reply:
    """A proposal taken back, or a wish that there is nothing to do about."""
    lines = [sentence("taken_back", turn.lang)] if turn.ledger.withdrawn else []
    for found in turn.ledger.unmatched:
        if found.matched:
            lines.append(sentence("all_so", turn.lang, count=f"{found.matched:,}"))
        else:
            lines += [
                sentence("no_match", turn.lang, entity=entity_label(name, turn.lang, count=1)) for name in found.missed
            ]
    return Reply(Status.ANSWERED, "\n".join(lines), receipt=receipt_of(turn, ()))


def _verdict(turn: TurnContext) -> Reply:
    """It may repeat the person's own figures ("there is no deal over 5 million")."""
    verdict = turn.ledger.verdict
    assert verdict is not None
    told = "\n".join([verdict.text, *verdict.options, *verdict.suggestions])
    if _is_withheld(turn, told, tuple(turn.ledger.answers.values()), own_words=turn.text):
        return Reply(Status.CANNOT, sentence("withheld", turn.lang), receipt=receipt_of(turn, ()))
    return Reply(
        verdict.status,
        verdict.text,
        options=verdict.options,
        suggestions=verdict.suggestions,
        receipt=receipt_of(turn, ()),
    )


def _answered(turn: TurnContext, messages: Sequence[BaseMessage], parts: list[Part]) -> Reply:
    """The model's words where every figure in them has a source, our own otherwise; blank results are no answer."""
    answers = tuple(part.answer for part in parts)
    holds = any(is_recorded(answer.result) for answer in answers)
    text = _said(messages)
    if not holds or not text or _is_withheld(turn, text, answers):
        text = say(parts, turn).text
    return Reply(
        Status.ANSWERED if holds else Status.CANNOT,
        text,
        answers=answers,
        chart=chart_of(answers[-1].result) if holds else None,
        citations=citations_of(answers) if holds else (),
        receipt=receipt_of(turn, answers),
    )


def _paged(turn: TurnContext, messages: Sequence[BaseMessage], parts: list[Part]) -> Reply:
    """Summaries and briefs as code made them, below what a model may say of one, and above what else was asked."""
    pages, answers = tuple(turn.ledger.pages.values()), tuple(part.answer for part in parts)
    short: tuple[str, ...] = ()
    if not (turn.ledger.is_planned or turn.ledger.has_fallen_back or len(pages) > 1 or parts):
        page, short = _in_short(turn, pages[0], _said(messages))
        pages = (page,)
    told = [*short, *(page.text(numbered=bool(short)) for page in pages), *([say(parts, turn).text] if parts else [])]
    cited = [one for page in pages for one in page.citations]
    return Reply(
        Status.ANSWERED,
        "\n\n".join(told),
        answers=answers,
        pages=pages,
        chart=pages[-1].chart,
        citations=tuple(dict.fromkeys([*cited, *citations_of(answers)])),
        receipt=receipt_of(turn, [*(answer for page in pages for answer in page.answers), *answers]),
    )


def _in_short(turn: TurnContext, page: Page, text: str) -> tuple[Page, tuple[str, ...]]:
    """What a model says of a page, as far as the lines that it names hold it; the receipt tells of the rest.

    Gives the page with the lines of its history that the words name, and the words.
    """
    found = verified(text, page.numbered, turn, about=page.about.label if page.about else "")
    if found.dropped:
        turn.ledger.notes.append(sentence("sentences_dropped", turn.lang, count=found.dropped))
        log.warning("turn=%s dropped sentences=%d", turn.turn_id, found.dropped)
    if not found.sentences:
        return page, ()
    page, said = with_cited(page, found.sentences, turn.lang)
    lines = [f"- {one}" for one in said]
    return page, ("\n".join([f"**{sentence('in_short', turn.lang)}**", *lines]),)


def _talked(turn: TurnContext, messages: Sequence[BaseMessage]) -> Reply:
    """Words without a query behind them: a greeting, thanks, help, or what a description tool said."""
    text = "" if _came_to_nothing(messages) else _said(messages)
    if not text or _is_withheld(turn, text, ()):
        return Reply(
            Status.CANNOT,
            sentence("withheld" if text else "nothing_found", turn.lang),
            receipt=receipt_of(turn, ()),
        )
    suggestions = tuple(messages[-1].additional_kwargs.get("suggestions", ()))
    return Reply(Status.ANSWERED, text, suggestions=suggestions, receipt=receipt_of(turn, ()))


def _came_to_nothing(messages: Sequence[BaseMessage]) -> bool:
    """Whether tools were called and every call failed: whatever the model then says was done was not."""
    results = [message.status for message in messages if isinstance(message, ToolMessage)]
    return bool(results) and set(results) == {"error"}


def _is_withheld(turn: TurnContext, text: str, answers: tuple[Answer, ...], *, own_words: str = "") -> bool:
    """Whether a model wrote a figure or a name that has no source; the receipt and the log then say so.

    The planner's texts are made by code from the store, so there is no model to doubt.
    """
    if turn.ledger.is_planned:
        return False
    found = doubts(text, answers, turn, own_words=own_words)
    if found:
        turn.ledger.notes.append(sentence("withheld_note" if found.figures else "withheld_name", turn.lang))
        log.warning("turn=%s withheld figures=%d names=%d", turn.turn_id, len(found.figures), len(found.names))
    return bool(found)


def _said(messages: Sequence[BaseMessage]) -> str:
    last = messages[-1]
    return strip_marks(str(last.text)).strip() if isinstance(last, AIMessage) else ""
