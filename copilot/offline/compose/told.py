"""Rules for words that only lead to a stored value: "said | call back later", "sitting at | Proposal"."""

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.reading import StateTest
from copilot.offline.tags import T
from copilot.offline.writing.words import small

_TALK, _REASON = "interaction.", "deal.lost_reason"


def told(c: Composer) -> None:
    """As in "told me to call back", "said no": the outcome of a talk tells it."""
    for at, item in enumerate(c.items):
        if item.owned or item.tag.text.lower() not in small("told_so") or item.tag.type is not T.UNKNOWN:
            continue
        whom = c.has(at + 1, T.MINE) or c.has(at + 1, T.PRONOUN)
        value = c.item(at + 1 + whom)
        if value is not None and any(str(s.value[0]).startswith(_TALK) for s in value.all(T.VALUE)):
            c.reading.facts.append("interaction")
            c.own(at)


def reasons_of_losses(c: Composer) -> None:
    """As in "the commonest reasons this year": of deals that were lost then."""
    r = c.reading
    asked = [r.target.dotted if r.target else "", *(group.dotted or "" for group in r.groups)]
    dated = any(p.dotted or p.role for p in r.periods)
    measured = any(m.fn != "count" for m in r.measures)
    if _REASON in asked and r.periods and not (r.states or measured or dated):
        r.states.append(StateTest(("lost",)))


def phone_number_of(c: Composer) -> None:
    """As in "phone | number of the buyer": the number is asked for, and nothing is counted."""
    for at, _, _ in list(c.each(T.FIELD)):
        phone = any(dotted.endswith(".phone") for dotted in c.fields_at(at))
        if phone and c.has(at + 1, T.ASK, "count") and c.items[at + 1].tag.text.lower() in ("number of", "no of", "of"):
            c.own(at + 1)


def status_of_deals(c: Composer) -> None:
    """As in "the status of the Acme case": of a deal it is its stage, where deals have no status of their own."""
    r = c.reading
    if r.target is None or r.target.dotted != "deal" or "status" in c.vocabulary.schema.entities["deal"].fields:
        return
    r.columns = ["deal.stage" if dotted.endswith(".status") else dotted for dotted in r.columns]


def stands_at(c: Composer) -> None:
    """As in "sat at quote out", "sitting in negotiation": the stage says where."""
    for at, item in enumerate(c.items):
        verb = item.tag.text.lower().split(" ")[0]
        after = c.item(at + 1)
        stage = after is not None and any(name.entity == "stage" for s in after.all(T.RECORD) for name in s.value)
        if stage and not item.owned and verb in small("stands_at") and item.tag.type in (T.LINK, T.STAND, T.UNKNOWN):
            c.own(at)
