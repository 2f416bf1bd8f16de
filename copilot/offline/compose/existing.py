"""Whether there are such deals, and what of them: 有没有3万以上的单？单号多少, 有没有要关的单，谁在跟."""

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.reading import Target
from copilot.offline.tags import T
from crm_core.models import Role

_MARKS = ("有没有", "有无", "是否有", "有没有过", "可有")
_ASKING = ("which", "who", "what", "how_many", "how_much", "list")
_VERBS = (T.OWNS, T.STATE, T.VERB_METRIC)
_OWNER = f"{FACT}.owner"


def existing(c: Composer) -> None:
    """The deals are listed, with what the second clause asks of each."""
    second = next((at for at, item in enumerate(c.items) if at and item.after_break), None)
    asked = next((at for at, _, _ in c.each(T.ASK)), None)
    if asked is None or second is None or not c.has(asked, T.ASK, "exists"):
        return
    dated = all(c.sense(k, T.DATE, T.RECORD, T.VALUE, T.MINE) for k in range(asked))  # 今年有没有…
    if not dated or not c.items[asked].tag.text.startswith(_MARKS) or asked > second:
        return
    if not _names_deals(c, range(asked + 1, second)):
        return
    columns = _columns(c, second)
    if not columns:
        return
    c.reading.asks.append("exists")
    c.reading.target = Target(FACT, "list")
    c.reading.columns += columns
    c.own(asked, *range(second, len(c.items)), *(k for k in range(asked + 1, second) if FACT in nouns_at(c, k)))


def _names_deals(c: Composer, where: range) -> bool:
    """Whether the first clause speaks of deals, and of no other kind of record."""
    others = [noun for k in where for noun in nouns_at(c, k) if noun != FACT and not c.fields_at(k)]
    told = any(c.sense(k, T.STATE) or FACT in nouns_at(c, k) for k in where)
    return told and not others and not any(c.sense(k, T.SUP, T.BY, T.SHARE, T.METRIC) for k in where)


def _columns(c: Composer, start: int) -> list[str]:
    """What the clause from `start` on asks of the deals; empty if it says anything else."""
    found: list[str] = []
    for at in range(start, len(c.items)):
        dotted = _asked(c, at)
        if dotted is not None:
            found.append(dotted)
        elif not (c.has(at, T.ASK, *_ASKING) or c.sense(at, *_VERBS, T.AND, T.PRONOUN) or c.items[at].is_soft):
            return []
    return found


def _asked(c: Composer, at: int) -> str | None:
    """The field of a deal that a word asks for: its id, its owner (谁签的), its account (哪个客户的)."""
    if c.has(at, T.ASK, "who"):
        return _OWNER
    named = [dotted for dotted in c.fields_at(at) if dotted.startswith(f"{FACT}.") and c.vocabulary.holds(dotted)]
    code = [dotted for dotted in named if c.vocabulary.field(dotted).role is Role.CODE]
    if named:
        return (code or named)[0]
    owner = "user" in nouns_at(c, at)
    refs = [_OWNER] if owner else [f"{FACT}.{ref}" for e in nouns_at(c, at) if (ref := c.is_reference_of(FACT, e))]
    return refs[0] if refs else None
