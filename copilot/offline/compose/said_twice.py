"""Rules for words that say again what stands beside them: "revenue of their own", "the product's list price"."""

import prompts
from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.neighbours import names_at
from copilot.offline.compose.reading import MeasureNode, RecordTest, Target
from copilot.offline.lexicon import key
from copilot.offline.tags import Sense, T
from crm_core.models import Role

_LIST_PRICE = "product.list_price"
_PARENT = "account.parent"
_COMPARED = (T.OP, T.POST_OP, T.COMPARATIVE)


def of_their_own(c: Composer) -> None:
    """As in "customers with the highest revenue of their own", 自己的营收最高的客户: beside a field of the noun."""
    words = prompts.load_yaml("lexicon/small_words")["own"]
    nouns = {entity_of(str(s.value)) for item in c.items for s in item.all(T.ENTITY)}
    for at, item in enumerate(c.items):
        if item.owned or item.tag.text.lower() not in words:
            continue
        pointed = [at - 1] if c.has(at - 1, T.PRONOUN, "set") else []
        beside = at - 2 if pointed else at + 1
        if (pointed or not item.tag.text.isascii()) and any(
            dotted.split(".")[0] in nouns for dotted in c.numeric_at(beside)
        ):
            c.own(at, *pointed)


def price_and_list_price(c: Composer) -> None:
    """As in "won at a price above the product's list price", 成交价高于产品标价: a deal's price is its amount."""
    for at, _, _ in list(c.each(T.FIELD)):
        sign = at - 2 if _is_product(c, at - 1) else at - 1
        if _LIST_PRICE not in c.fields_at(at) or not c.sense(sign, *_COMPARED):
            continue
        before = c.item(sign - 1)
        amount = c.vocabulary.schema.entities[FACT].by_role(Role.AMOUNT)
        if before is not None and amount is not None and _LIST_PRICE in c.fields_at(sign - 1):
            before.tag = before.tag.only(Sense(T.FIELD, f"{FACT}.{amount.name}"))
        del c.items[sign + 1 : at]  # whose list price it is, the field says
        return


def _is_product(c: Composer, at: int) -> bool:
    return c.has(at, T.ENTITY, "product")


def which_subsidiaries(c: Composer) -> None:
    """As in "Acme 有哪几家子公司": those whose parent is the one that is named."""
    for at, _, _ in list(c.each(T.OWNS)):
        names = names_at(c, at - 2, "account")
        if c.has(at, T.OWNS, _PARENT) and c.has(at - 1, T.ASK, "which", "what", "list") and names:
            c.reading.records.append(RecordTest("account", names, reference=_PARENT, at=c.items[at - 2].tag.start))
            c.reading.target = c.reading.target or Target("account", "which", is_plural=True)
            c.own(at - 2, at - 1, at)


def one_field_by_two_names(c: Composer) -> None:
    """As in "net | order value", both of the same column: said once."""
    for at, item, _ in list(c.each(T.FIELD)):
        both = set(c.numeric_at(at)) & set(c.numeric_at(at + 1))
        after = c.item(at + 1)
        if len(both) == 1 and after is not None and not after.after_break and item.tag.text != after.tag.text:
            c.own(at + 1 if c.sense(at - 1, T.NUMBER) else at)  # "10,000 people | on the payroll"


def header_apart(c: Composer) -> None:
    """As in "bottles I've opened", of a column "Bottles Opened": the other word of the header says it again."""
    for at, item, _ in list(c.each(T.FIELD)):
        own = c.fields_at(at, lambda f: f.is_custom and f.is_numeric)
        if len(own) != 1:
            continue
        rest = set(key(c.vocabulary.field(own[0]).label)) - set(key(item.tag.text))
        for k in range(at + 1, min(at + 4, len(c.items))):
            word = c.items[k].tag.text.lower()
            if word in rest and len(word) > 3 and not c.items[k].owned and not c.items[k].after_break:
                c.own(k)
                if not c.mentions(T.ASK):  # "bottles I've opened this year": how many
                    c.reading.measures.append(MeasureNode(fn="sum", dotted=own[0]))
                    c.own(at)
