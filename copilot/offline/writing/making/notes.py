"""A pasted block of notes or a mail: one interaction with the whole text, and what the text clearly says to change.

Each change rests on one line, its `quote`. What a mail orders is what somebody wrote, and never a step.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from copilot.offline.lexicon import key
from copilot.offline.plan import Clarify
from copilot.offline.vocabulary import Name
from copilot.offline.writing.context import Found, Saying
from copilot.offline.writing.making.facts import facts_of
from copilot.offline.writing.making.form import Doubt
from copilot.offline.writing.making.next_steps import new_people, new_tasks
from copilot.offline.writing.making.own_fields import own_values
from copilot.offline.writing.making.parties import Links, links
from copilot.offline.writing.making.scan import MAX_QUOTE, Scan, scan
from copilot.offline.writing.making.talks import KINDS, day_of, own_kind, told_further
from copilot.offline.writing.words import making_words
from crm_core.changes.steps import Given, Step

LONG = 400  # characters: of one paragraph that is pasted
HEAD = 3  # lines that may say what it was, with whom and when
MIN_LINES = 3
MAX_LINES = 100
_BULLET = re.compile(r"^\s*(?:[-*•–·>]+|\d{1,2}[.)、]|\(\d{1,2}\))\s*")
_HEADER = re.compile(r"^\s*([\w\u4e00-\u9fff-]{2,9})\s*[:：]\s*(.+)$")
_SENTENCE = re.compile(r"(?<=[!?。！？])\s*|(?<=[a-z0-9)]\.)\s+")


@dataclass
class Block:
    """A pasted text, line by line.

    Attributes:
        own: lines that the speaker wrote, as read.
        mail: headers of a mail that is in it, by concept ("head_from", "head_date" …).
    """

    text: str
    own: list[Scan] = field(default_factory=list)
    mail: dict[str, str] = field(default_factory=dict)


def is_block(text: str, saying: Saying) -> bool:
    """Whether a message is something pasted rather than said: several lines, of which the first tell what it was."""
    lines = [line for line in text.splitlines() if line.strip()]
    headers = sum(bool(_HEADER.match(line)) for line in lines)
    if (len(lines) < MIN_LINES and len(text) < LONG) or text.rstrip().endswith(("?", "？")):
        return False
    told = headers >= MIN_LINES or any(scan(line, saying).said(*KINDS, "note", "write_up") for line in lines[:HEAD])
    return told and not _are_orders(lines[:MAX_LINES], saying)


def is_spoken(text: str) -> bool:
    """Whether a long message is one paragraph, as people dictate."""
    return len([line for line in text.splitlines() if line.strip()]) == 1


def _are_orders(lines: list[str], saying: Saying) -> bool:
    """Whether most lines order a change: a list of wishes is no account of a talk."""
    orders = sum(scan(_BULLET.sub("", line), saying).at(0, "change") is not None for line in lines)
    return orders * 2 >= len(lines)


def read_block(text: str, saying: Saying) -> Found:
    """The steps of a pasted text."""
    block = _lines(text, saying)
    linked = _linked(block, saying)
    if linked.ask is not None:
        return linked.ask
    if not linked.found:
        return Clarify(scan(text[:LONG], saying).say("with_whom"))
    steps: list[Step] = [_talk(block, linked, saying)]
    for number, line in enumerate(block.own):
        try:
            steps += facts_of(line, saying, linked)
        except Doubt as doubt:
            return doubt.question
        steps += new_people(line, saying, linked)
        steps += new_tasks(line, saying, linked, is_head=number == 0)
    return merged(steps)


def _lines(text: str, saying: Saying) -> Block:
    """The lines of the speaker; those of a mail, from its first header on, are not read."""
    block = Block(text)
    for line in text.splitlines()[:MAX_LINES]:
        header = _HEADER.match(line)
        heads = {c for c in _concepts(header[1]) if c.startswith("head_")} if header else set()
        if header and heads and (block.mail or "head_from" in heads):
            block.mail[min(heads)] = header[2].strip()
        elif not block.mail and not line.lstrip().startswith(">"):
            block.own += [scan(sentence, saying) for sentence in _sentences(_BULLET.sub("", line))]
    return block


def _concepts(label: str) -> frozenset[str]:
    return making_words().get(key(label.lower()), frozenset())


def _sentences(line: str) -> Iterator[str]:
    """A line, or the sentences of a long paragraph."""
    parts = _SENTENCE.split(line) if len(line) >= LONG else [line]
    return (part.strip() for part in parts if part.strip())


def _linked(block: Block, saying: Saying) -> Links:
    """The customer of the first lines that name one, else of the whole text or of the mail's address."""
    for line in block.own[:HEAD]:
        found = links(line, saying)
        if found.found or found.ask:
            found.found.update(told_further(scan(" ".join(block.text.split()), saying), saying, found))
            return found
    out = links(scan(" ".join(block.text.split()), saying), saying)
    if out.found or out.ask:
        return out
    names = [name for value in block.mail.values() if (name := _by_domain(value, saying)) is not None]
    return Links({"account": names[0]}) if names else Links()


def _by_domain(value: str, saying: Saying) -> Name | None:
    """The account whose name a mail address holds."""
    for domain in re.findall(r"@([\w-]+)\.", value):
        names = [n for n in saying.vocabulary.parts.get(domain.lower(), ()) if n.entity == "account"]
        if len(names) == 1:
            return names[0]
    return None


def _talk(block: Block, linked: Links, saying: Saying) -> Step:
    """The interaction, with all that was pasted as its text."""
    values: dict[str, Given] = {"kind": _kind(block), **{k: v for k, v in linked.values.items() if k != "lead"}}
    day = _day(block, saying)
    if day is not None:
        values["happened_on"] = day
    values.update(own_values(scan(" ".join(line.text for line in block.own), saying), saying))
    for line in block.own[:1]:
        values.update(own_kind(line, 0, len(line.tokens)))
    if "head_subject" in block.mail:
        values["subject"] = block.mail["head_subject"]
    values["body"] = block.text.strip()
    return Step(op="create", entity="interaction", set=values, quote=block.text.strip()[:MAX_QUOTE])


def _kind(block: Block) -> str:
    """What the first lines name, the last of a run ("demo call"), whatever "notes" or "log" stand beside it."""
    if block.mail:
        return "email"
    marks = next((found for line in block.own[:HEAD] if (found := line.said(*KINDS))), [])
    if not marks:
        return "note"
    last = marks[0]
    for mark in marks[1:]:
        last = mark if mark.start == last.end else last
    return next(kind for kind in KINDS if kind in last.concepts)


def _day(block: Block, saying: Saying) -> str | None:
    """When it was, where the mail's header or one of the first lines says so."""
    told = [line for line in block.own[1:HEAD] if line.said(*KINDS, "past", "now")]
    heads = [scan(block.mail.get("head_date", ""), saying)] if block.mail else [*block.own[:1], *told]
    for line in heads:
        day = day_of(line, saying.today, 0, len(line.tokens))
        if day is not None and not isinstance(day, Clarify):
            return day.isoformat()
    return None


def merged(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Changes of one record as one."""
    out: list[Step] = []
    for step in steps:
        same = next((i for i, s in enumerate(out) if s.op == step.op == "update" and s.records == step.records), None)
        if same is None:
            out.append(step)
            continue
        quote = "\n".join(dict.fromkeys(q for q in (out[same].quote, step.quote) if q))[:MAX_QUOTE]
        out[same] = out[same].model_copy(update={"set": {**out[same].set, **step.set}, "quote": quote})
    return tuple(out)
