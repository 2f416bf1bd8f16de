"""How a person writes, learned from the mails that they sent: greeting, sign-off, signature, length, tone."""

import calendar
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from copilot.briefs.desk import Desk, Found
from copilot.context import Lang
from copilot.drafts.wishes import Length
from copilot.language import language_of
from copilot.reply import Citation
from crm_core.models import InteractionKind
from crm_core.query.spec import All, Condition
from crm_core.reaching import Recipient
from prompts import load_yaml
from retrieval.chunk import size

MOST = 60  # of their newest mails
_SHORT, _LONG = {"en": 35, "zh": 14}, {"en": 110, "zh": 60}  # of a mail, as `retrieval.chunk.size` counts
_SIGNED = re.compile(r"[.?？。]")
_MONTHS = "|".join(calendar.month_name[1:])
_MONTH_FIRST, _DAY_FIRST = re.compile(rf"\b(?:{_MONTHS}) \d"), re.compile(rf"\b\d{{1,2}} (?:{_MONTHS})\b")
_CONTRACTED = re.compile(r"\b\w+['’](?:m|re|ve|ll|d|t)\b|\b(?:it|that|what|let)['’]s\b", re.IGNORECASE)
_INFORMAL = "你"


@dataclass(frozen=True)
class Voice:
    """How somebody writes in one language; None: their mails do not tell.

    Attributes:
        greeting: "Hello", before the name; of a Chinese mail nothing.
        closing: "All the best".
        signature: "Marcus Oyelaran".
        length: short | normal | long.
        contracts: "I'm" rather than "I am".
        month_first: "June 3" rather than "3 June".
        is_familiar: says 你, not 您.
        known: how they greet somebody.
        source: their newest mail.
        mails: how many were read.
    """

    greeting: str | None = None
    closing: str | None = None
    signature: str | None = None
    length: Length | None = None
    contracts: bool = False
    month_first: bool = False
    is_familiar: bool = False
    known: tuple[tuple[Recipient, str], ...] = ()
    source: Citation | None = None
    mails: int = 0


def learn_voice(desk: Desk, lang: Lang) -> Voice:
    """The voice of the actor in their own sent mails."""
    tests = [
        Condition(field="user", value=desk.context.actor.id),
        Condition(field="kind", value=InteractionKind.EMAIL),
        Condition(field="direction", value="out"),
    ]
    columns = ("subject", "body", "contact", "lead", "happened_on")
    found = desk.ask("interaction", columns, All(all=list(tests)), newest="happened_on", limit=MOST)
    mails = [one for one in found if one["body"] and language_of(str(one["body"])) == lang]
    return _voice(mails, lang) if mails else Voice()


def _voice(mails: Sequence[Found], lang: Lang) -> Voice:
    bodies = [str(one["body"]) for one in mails]
    ends = [end for body in bodies if (end := _end(body))]
    text = "\n".join(bodies)
    return Voice(
        greeting=_usual([word for one in mails if (word := _greeting_word(one))]) if lang == "en" else None,
        closing=_usual([end[0] for end in ends]),
        signature=_usual([end[1] for end in ends if end[1]]),
        length=_length(bodies, lang),
        contracts=len(_CONTRACTED.findall(text)) * 3 > len(bodies),
        month_first=len(_MONTH_FIRST.findall(text)) > len(_DAY_FIRST.findall(text)),
        is_familiar=_INFORMAL in text and "您" not in text,
        known=_known(mails),
        source=mails[0].source,
        mails=len(mails),
    )


def _usual(words: Sequence[str]) -> str | None:
    """The most frequent; of equals the newest."""
    return Counter(words).most_common(1)[0][0] if words else None


def _greeting_word(mail: Found) -> str | None:
    first = str(mail["body"]).strip().split("\n", 1)[0].strip()
    found = re.match(r"^(?P<word>" + "|".join(load_yaml("drafts/en")["greeting_words"]) + r")\b", first, re.IGNORECASE)
    return found["word"] if found and len(first) <= 60 else None


def _known(mails: Sequence[Found]) -> tuple[tuple[Recipient, str], ...]:
    """The first lines of mails to each contact and lead, the newest of each, as far as they are greetings."""
    found: dict[Recipient, str] = {}
    for mail in mails:
        whom, first = _whom(mail), str(mail["body"]).strip().split("\n", 1)[0].strip()
        is_cry = first.isascii() and first.endswith("!") and not _greeting_word(mail)  # "Thank you for the visit!"
        if whom and len(first) <= 40 and not is_cry and first.endswith((",", "，", ":", "：", "!", "！")):
            found.setdefault(whom, first)
    return tuple(found.items())


def _whom(mail: Found) -> Recipient | None:
    contact, lead = mail.id_of("contact"), mail.id_of("lead")
    if contact or lead:
        return Recipient("contact", contact) if contact else Recipient("lead", lead or 0)
    return None


def _end(body: str) -> tuple[str, str] | None:
    """The sign-off and the name below it."""
    last = body.strip().split("\n\n")[-1].splitlines()
    lines = [line.strip() for line in last if line.strip()]
    if not 1 <= len(lines) <= 3 or any(len(line) > 40 or _SIGNED.search(line.rstrip("!！。.")) for line in lines):
        return None
    return (lines[0].rstrip(","), "\n".join(lines[1:])) if len(lines) > 1 else None


def _length(bodies: Sequence[str], lang: Lang) -> Length:
    words = median(size(body) for body in bodies)
    return "short" if words < _SHORT[lang] else "long" if words > _LONG[lang] else "normal"
