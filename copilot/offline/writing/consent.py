"""Whether people want to be written to or approached: "Anna opted out", "she wants no more mails", 别再给她发邮件了.

A clause counts when each of its words is of that. A refusal of mails withholds consent; one of any approach, and
words such as "unsubscribed", which a question finds by the same field, bar the person from being contacted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from copilot.offline.plan import Clarify, Plan
from copilot.offline.tags import T, Tag
from copilot.offline.vocabulary import Name
from copilot.offline.writing.context import Saying
from copilot.offline.writing.making.parties import named, which
from copilot.offline.writing.making.scan import Scan, scan
from copilot.offline.writing.persons import PEOPLE
from copilot.offline.writing.words import small, writing_words
from crm_core.changes.steps import Given, Step
from crm_core.models import Consent

_WORDS = (
    "refuses", "barred", "permits", "opted_in", "mailings", "one_mail", "approaches", "once_more", "off_list",
    "strikes", "about_mail",
)  # fmt: skip
_QUIET = (T.FILLER, T.PREP, T.PUNCT, T.AND, T.PRONOUN, T.MINE)
_BARRED = "do_not_contact"
_LONGEST = 400  # characters of a message that is no pasted text


@dataclass(frozen=True)
class Consents:
    """What a message says of it.

    Attributes:
        steps: the changes.
        ask: a name that fits several.
        rest: the words of the other clauses.
    """

    steps: tuple[Step, ...] = ()
    ask: Plan | None = None
    rest: str = ""


def read_consents(text: str, saying: Saying) -> Consents | None:
    """The clauses of a message that say it; None where none does."""
    whole = scan(text, saying)
    if len(text) > _LONGEST or not whole.said("refuses", "barred", "permits", "opted_in", "off_list"):
        return None
    steps: list[Step] = []
    rest: list[str] = []
    people = _spoken_of(saying)
    for start, end in whole.segments():
        clause = scan(whole.cut(start, end), saying)
        values = _values(clause)
        told = _full_names(named(clause, *PEOPLE))
        if values is None or not (told or (people and clause.said("her"))):
            rest.append(whole.cut(_without_joint(whole, start, end), min(end + 1, len(whole.tokens))))
            people = [which(clause, tag, names, saying=saying) for tag, names in told] or people
            continue
        people = [which(clause, tag, names, saying=saying) for tag, names in told] or people
        doubt = next((one for one in people if isinstance(one, Clarify)), None)
        if doubt is not None:
            return Consents(ask=doubt)
        steps += _steps([one for one in people if isinstance(one, Name)], values, clause.quote)
    return Consents(tuple(_merged(steps)), rest=" ".join(rest).strip(" ,;，；")) if steps else None


def strikes_somebody(text: str, saying: Saying) -> bool:
    """As in "take Anna Bell off our list": an order, whatever else "list" asks for."""
    seen = scan(text, saying)
    return bool(seen.said("off_list") and seen.said("strikes") and named(seen, *PEOPLE))


def _full_names(told: Sequence[tuple[Tag, list[Name]]]) -> list[tuple[Tag, list[Name]]]:
    """As in "Nadia Stanhope", whom nobody is called: one name, and not a Nadia and a Stanhope."""
    found: list[tuple[Tag, list[Name]]] = []
    for tag, names in told:
        before, others = found[-1] if found else (None, [])
        if before is not None and before.end == tag.start and tag.text.isascii():
            found[-1] = (replace(before, end=tag.end, text=f"{before.text} {tag.text}"), [*others, *names])
        else:
            found.append((tag, names))
    return found


def _without_joint(text: Scan, start: int, end: int) -> int:
    """Where a clause begins after its "and"."""
    while start < end and text.tag(start).get(T.AND) is not None:
        start += 1
    return start


def _spoken_of(saying: Saying) -> list[Name | Clarify]:
    """The person whom the last turn was about."""
    last = saying.dialogue[-1] if saying.dialogue else None
    if last is None or last.entity not in PEOPLE or len(last.ids) != 1:
        return []
    return [Name(str(last.entity), last.ids[0], last.labels[0] if last.labels else "")]


def _values(clause: Scan) -> dict[str, Given] | None:
    """What a clause says of the people in it; None where it says anything else or leaves it open."""
    if _is_open(clause) or not all(_is_explained(clause, i) for i in range(len(clause.tokens))):
        return None
    refused = clause.said("refuses")
    if clause.said("opted_in"):
        return None if refused else {"consent": Consent.GRANTED, _BARRED: False}
    if clause.said("barred") or (clause.said("off_list") and clause.said("strikes")):
        inner = [mark for mark in refused if not clause.said("barred", start=mark.start, end=mark.end + 1)]
        return None if inner and not clause.said("off_list") else _refused(clause, by_mail=_of_mail(clause))
    if refused:
        by_mail = _of_mail(clause) or bool(clause.said("one_mail"))
        return _refused(clause, by_mail=by_mail) if by_mail or clause.said("approaches") else None
    return _granted(clause)


def _granted(clause: Scan) -> dict[str, Given] | None:
    """As in "agreed to get our newsletter", "may be called again"."""
    if not clause.said("permits"):
        return None
    if clause.said("mailings"):
        return {"consent": Consent.GRANTED}
    return {_BARRED: False} if clause.said("once_more") and clause.said("approaches") else None


def _refused(clause: Scan, *, by_mail: bool) -> dict[str, Given]:
    wider = clause.said("approaches") and not clause.said("refuses")
    return {"consent": Consent.WITHHELD} if by_mail and not wider else {_BARRED: True}


def _of_mail(clause: Scan) -> bool:
    return any("mail" in clause.cut(m.start, m.end) or "news" in clause.cut(m.start, m.end)
               for m in clause.said("off_list")) or bool(clause.said("mailings"))  # fmt: skip


def _is_open(clause: Scan) -> bool:
    """Whether it only supposes or asks."""
    words = {token.text for token in clause.tokens}
    guesses = {words[0] for words, senses in writing_words().items() if any(s.value == "guess" for s in senses)}
    return bool(words & small("conditional") or words & (guesses - {"may", "could"}) or words & small("question_end"))


def _is_explained(clause: Scan, at: int) -> bool:
    tag = clause.tag(at)
    if _names_party(tag) or _ends_name(clause, tag) or tag.type in _QUIET or clause.within(at, *_WORDS):
        return True
    return any(s.value in PEOPLE for s in tag.all(T.ENTITY))


def _ends_name(clause: Scan, tag: Tag) -> bool:
    """As in 华棠|零售: a word that is the rest of the name before it."""
    before = clause.tag(tag.start - 1) if tag.start else None
    names = [name for s in before.all(T.RECORD) for name in s.value] if before else []
    return any(f"{before.text}{tag.text}" in name.label for name in names) if before else False


def _names_party(tag: Tag) -> bool:
    return any(name.entity in ("account", *PEOPLE) for s in tag.all(T.RECORD) for name in s.value)


def _steps(people: Sequence[Name], values: dict[str, Given], quote: str) -> list[Step]:
    return [Step(op="update", entity=one.entity, records=[one.id], set=dict(values), quote=quote) for one in people]


def _merged(steps: Sequence[Step]) -> list[Step]:
    """What is said of one person in several clauses is one step."""
    out: dict[tuple[str, int | str], Step] = {}
    for step in steps:
        key = (step.entity, step.records[0])
        before = out.get(key)
        out[key] = before.model_copy(update={"set": {**before.set, **step.set}}) if before else step
    return list(out.values())
