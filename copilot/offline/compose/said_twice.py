"""Rules for words that say again what stands beside them: "revenue of their own", "the product's list price"."""

import prompts
from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.neighbours import names_at
from copilot.offline.compose.reading import RecordTest, Target
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
