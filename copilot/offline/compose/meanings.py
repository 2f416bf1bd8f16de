"""The rule for a company's own words for some records: "key accounts", "strategic deals"."""

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.reading import FieldTest, MeantTest
from copilot.offline.own_kinds import own_kind_of
from copilot.offline.tags import T


def own_words(c: Composer) -> None:
    """The condition that the word stands for. Where no noun follows, the word is the noun too, and stays to be read."""
    for at, _, sense in list(c.each(T.MEANING)):
        negated, own = _is_negated(c, at), own_kind_of(c.items[at].tag)
        verb = own is not None and c.sense(at, T.OWNS) is not None  # 没拜访过, 去拜访客户: what is done to them
        negated = negated and not verb
        if own and not negated and any(c.has(k, T.NEG, "none", "not", "never") for k in range(at)):
            c.reading.fields.append(FieldTest(f"interaction.{own[0]}", "in", (own[1],), at=c.items[at].tag.start))
            continue  # "reps with no site visits": what there is none of
        c.reading.unclear |= not negated and any(c.has(k, T.NEG) for k in (*range(at), at + 1))
        c.reading.unclear |= any(c.has(k, kind) for k in (at - 1, at + 1) for kind in (T.AND, T.OR))
        c.reading.meant.append(MeantTest(sense.value, negated))
        following = c.item(at + 1)
        is_followed = following is not None and not following.after_break and not following.before
        if (is_followed and nouns_at(c, at + 1) and not verb) or sense.value.entity in nouns_at(c, at - 1):
            c.own(at)
        if negated:
            c.own(at - 1)


def _is_negated(c: Composer, at: int) -> bool:
    """As in "excluding key accounts", where no other kind of party is asked for (another thing)."""
    if not c.has(at - 1, T.NEG, "exclude", "not"):
        return False
    entity = c.items[at].tag.senses[0].value.entity
    parties = {noun for k in range(at) for noun in nouns_at(c, k)} & {"account", "user", "contact", "product"}
    return parties <= {entity}
