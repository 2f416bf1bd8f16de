"""What the asker wants mentioned: a sentence on it with the record where it came up, a blank where there is none."""

import re
from collections.abc import Iterator
from typing import Any

from copilot.briefs.desk import Desk
from copilot.briefs.subject import Subject
from copilot.context import Lang
from copilot.drafts.dates import Calendar
from copilot.drafts.facts import Fact, Facts, product_facts
from copilot.drafts.wishes import Wishes
from copilot.reply import Citation
from prompts import load_yaml
from retrieval.words import telling_words

_PRICE, _MOST = "price", 3


def mention_parts(
    wishes: Wishes, facts: Facts, *, desk: Desk, subject: Subject, calendar: Calendar, lang: Lang
) -> Iterator[dict[str, Any]]:
    """A part for each topic that the letter would not name by itself; adds the facts that it needs."""
    words = load_yaml(f"drafts/{lang}")
    for number, topic in enumerate(wishes.mention[:_MOST]):
        if _is_price(topic):
            says = words["deal_price"] if "amount" in _said(facts, "deal") else words["list_price"]
            yield _part(says)
            continue
        product = _product(desk, topic, lang)
        if product is not None and "about" in product[0].said:
            for fact in product:
                facts.known[fact.name] = fact
            yield _part(words["offer"])
            continue
        name, free = f"mention{number}", f"asked{number}"
        facts.add(_came_up(topic, subject, calendar, name) or Fact(free, {"free": topic}, _asked(desk, topic)))
        yield _part([_renamed(one, name, free) for one in words["mention"]])


def _part(says: list[str]) -> dict[str, Any]:
    return {"from": "short", "para": True, "says": says}


def _renamed(template: str, mention: str, free: str) -> str:
    return template.replace("{{mention_", f"{{{{{mention}_").replace("{{topic_free}}", f"{{{{{free}_free}}}}")


def _is_price(topic: str) -> bool:
    found = load_yaml("lexicon/draft")["leave_out_topics"][_PRICE]
    pattern = rf"(?:the |our )?(?:{'|'.join(found['en'])})|{'|'.join(found['zh'])}"
    return re.fullmatch(pattern, topic, re.IGNORECASE) is not None


def _said(facts: Facts, name: str) -> dict[str, str]:
    return facts.known[name].said if name in facts.known else {}


def _product(desk: Desk, topic: str, lang: Lang) -> list[Fact] | None:
    """The product that is called so."""
    found = desk.ask("product", ("name", "description", "list_price"))
    called = next((one for one in found if one.label.casefold() in topic.casefold()), None)
    return list(product_facts(called, lang)) if called else None


def _came_up(topic: str, subject: Subject, calendar: Calendar, name: str) -> Fact | None:
    """The newest sentence of the history with the contact that holds the words of the topic."""
    wanted = set(telling_words(topic))
    quotes = (one for one in reversed(subject.looked.quotes) if one.source.entity == "interaction" and one.day)
    for quote in quotes:
        if wanted and wanted <= set(telling_words(quote.text)) and quote.day and quote.day <= calendar.today:
            return Fact(name, {"topic": topic, "day": calendar.day(quote.day)}, quote.source, quote.day)
    return None


def _asked(desk: Desk, topic: str) -> Citation:
    """The asker's own words have no record but themselves."""
    actor = desk.context.actor
    return Citation("user", actor.id, actor.name, topic)
