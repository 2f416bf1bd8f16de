"""A Reply as a message. Its proposals are cards, which stand by themselves."""

from collections.abc import Iterator

from copilot.context import Lang
from copilot.page import Page
from copilot.reply import Answer, Citation, Reply, Status
from integrations.slack.blocks import limits
from integrations.slack.blocks.controls import actions, button
from integrations.slack.blocks.message import Message, message
from integrations.slack.blocks.table import rows_blocks, table_blocks
from integrations.slack.blocks.text import Block, clean, context, cut, rich
from integrations.slack.words import say

OPTIONS = 10
CITED = 8


def reply_message(reply: Reply, lang: Lang, *, conversation: str, question: str) -> Message:
    """What answers a person.

    Args:
        reply: of the copilot.
        lang: of the question.
        conversation: where a click on an option goes on; comes back as the block's id.
        question: kept with a thumb up or down.
    """
    blocks = list(rich(reply.text))
    blocks += [*_listed(reply), *context(_near(reply, lang))]
    for page in reply.pages:
        blocks += _page(page, lang)
    for answer in reply.answers:
        blocks += _answer(answer, lang)
    blocks += context(_cited(reply.citations, lang))
    blocks += context(reply.receipt)
    return message(reply.text, blocks, lang, last=[*_options(reply, conversation), *_opinion(reply, lang, question)])


def _answer(answer: Answer, lang: Lang) -> Iterator[Block]:
    """The table, unless the text says it all, and how the question was read."""
    result = answer.result
    if not answer.is_quoted and result.rows and (len(result.rows) > 1 or len(result.columns) > 1):
        yield from table_blocks(result, lang)
    if answer.query_text:
        yield from context([say("read_as", lang, words=answer.query_text)])


def _page(page: Page, lang: Lang) -> Iterator[Block]:
    """The figures of a page; its lines are the text."""
    if page.table and page.table.rows:
        yield from rows_blocks(page.table.columns, page.table.rows, page.table.entity or "", lang)
    if page.asked:
        yield from context([say("read_as", lang, words=page.asked)])


def _near(reply: Reply, lang: Lang) -> list[str]:
    if reply.status is not Status.CANNOT or not reply.suggestions:
        return []
    return [say("did_you_mean", lang, what=("、" if lang == "zh" else ", ").join(reply.suggestions))]


def _cited(citations: tuple[Citation, ...], lang: Lang) -> list[str]:
    """The records that it rests on, each once."""
    labels = list(dict.fromkeys(clean(one.label) for one in citations if one.label))
    if not labels:
        return []
    more = " …" if len(labels) > CITED else ""
    return [say("rests_on", lang, what=" · ".join(cut(label, 60) for label in labels[:CITED]) + more)]


def _options(reply: Reply, conversation: str) -> list[Block]:
    """What the person may pick, as buttons; only their numbers where they are listed above."""
    numbered = bool(_listed(reply))
    picks = [
        button(str(at + 1) if numbered else option, f"option_{at}", cut(option, limits.VALUE))
        for at, option in enumerate(reply.options[:OPTIONS])
    ]
    return [{**row, "block_id": conversation} for row in actions(picks)]


def _listed(reply: Reply) -> list[Block]:
    """What may be picked, by number, where one of them is too long for a button."""
    options = reply.options[:OPTIONS]
    if all(len(option) <= limits.BUTTON for option in options):
        return []
    return rich("\n".join(f"{at}. {cut(option, limits.HEADER * 2)}" for at, option in enumerate(options, 1)))


def _opinion(reply: Reply, lang: Lang, question: str) -> list[Block]:
    if reply.status is not Status.ANSWERED or not (reply.answers or reply.pages):
        return []
    kept = cut(question, limits.VALUE) or "–"
    return actions([button(say("good", lang), "good", kept), button(say("bad", lang), "bad", kept)])
