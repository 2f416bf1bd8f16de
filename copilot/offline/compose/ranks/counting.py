"""Rankings by a number of records: who has the most customers, the sector with the fewest accounts."""

from dataclasses import replace

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.reading import FieldTest, MeasureNode, Target


def counted(c: Composer) -> None:
    """As in "which rep has the most customers", "the smallest sector by number of accounts": so many different ones."""
    reading, sup = c.reading, c.reading.sup
    if sup is None or reading.measures or sup.by:
        return
    target = reading.target.dotted if reading.target else None
    if target and sup.sort.endswith("_count") and sup.noun in PARTIES and target != sup.noun:
        of, ranked = str(sup.noun), target
    elif target in PARTIES and reading.target and reading.target.ask == "count" and sup.noun and sup.noun != target:
        of, ranked = str(target), sup.noun
    else:
        return
    entity = entity_of(of)
    own = (ranked.split(".")[0] == entity and "." in ranked) or (entity, ranked) == ("user", "manager")
    reading.measures.append(MeasureNode(fn="count" if own else "distinct", dotted=entity))
    reading.target = Target(ranked, "which", is_plural=bool(reading.target and reading.target.is_plural))
    reading.sup = replace(sup, noun=None, is_plural=False)
    reading.asks = [ask for ask in reading.asks if ask != "count"]
    if own and of in ("rep", "manager"):
        reading.fields.append(FieldTest("user.role", "in", (of,)))


PARTIES = ("rep", "manager", "user", "account", "product", "contact")


def by_group(c: Composer) -> None:
    """As in "the highest win rate by product", "shortest cycle by rep, top 5": the groups are what is ranked."""
    reading, sup = c.reading, c.reading.sup
    if sup is None or sup.noun or sup.by or len(reading.groups) != 1 or reading.target or not reading.measures:
        return
    (group,) = reading.groups
    reading.sup = replace(sup, noun=group.dotted or f"bucket:{group.bucket}")
    reading.groups = []
