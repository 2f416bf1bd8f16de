"""Who spoke with a customer, and when that was: "who called Acme on Friday", 星期五谁联系过Acme."""

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.neighbours import BUYING
from copilot.offline.compose.reading import GroupNode, MeasureNode, Target
from copilot.offline.tags import T

TALK = "interaction"
_BUYING = (*BUYING, "spend", "spent")


def people_of(c: Composer, at: int) -> Target | None:
    """As in "contacts of customers who unsubscribed": the people, where the noun at `at` says whose they are."""
    before = c.item(at - 1)
    if before is None or "of" not in c.items[at].before or not any(s.value == "contact" for s in before.all(T.ENTITY)):
        return None
    c.own(at - 1)
    return Target("contact", "who")


def is_buying(c: Composer, who: int) -> bool:
    """Whether those asked for at `who` buy; and not "who brought in the most orders"."""
    verbs = [item.tag for item in c.items[who:] if item.tag.get(T.VERB_METRIC)]
    return any(tag.text.lower().startswith(_BUYING) for tag in verbs if not tag.get(T.ENTITY) or tag is verbs[0])


def who_met(c: Composer) -> None:
    """Those who did are told with how often; what was said of the customer is said of these talks."""
    r = c.reading
    asked = r.target is not None and r.target.ask == "who" and r.target.dotted == "rep"
    parties = {test.entity for test in r.records if not test.reference}
    plain = not (r.measures or r.groups or r.sup or r.having or r.without or r.also or r.states or r.columns)
    if asked and plain and set(r.facts) == {TALK} and parties and parties <= {"account", "contact"}:
        r.target = None
        r.groups.append(GroupNode("rep"))
        r.measures.append(MeasureNode(fn="count", dotted=TALK))
