"""Gathers the facts of a mail to a contact or a lead, from what a brief on them reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from copilot.briefs.desk import Desk, Found
from copilot.briefs.subject import Subject
from copilot.context import Lang
from copilot.drafts.dates import Calendar
from copilot.drafts.facts import Fact, Facts, bare_subject, company_of, joined, product_facts, quoted, recorded
from copilot.drafts.reading import holds_question, question_in, thing_in, told_in, topic_in, wish_in
from copilot.drafts.talks import mails_of, missed_calls, talks_of
from copilot.language import language_of
from copilot.reply import Citation
from copilot.summaries.promises import Promise
from copilot.summaries.quotes import Quote
from crm_core.models import InteractionKind
from crm_core.query.spec import Condition
from prompts import fill, load_yaml

RECENT = timedelta(days=180)  # what is older is not brought up unasked
_FRESH = timedelta(days=90)  # of what was wished for in passing
_LATE = timedelta(days=60)  # after which nobody waits for what was promised
_QUIET = timedelta(days=60)  # without a word: the mail takes up an old thread


@dataclass(frozen=True)
class Gathering:
    """What the facts are gathered from.

    Attributes:
        desk: asks as the actor.
        subject: the contact or lead.
        lang: of the mail.
        calendar: writes days.
        deal: that the mail is about.
        won: a deal of theirs that was won not long ago.
    """

    desk: Desk
    subject: Subject
    lang: Lang
    calendar: Calendar
    deal: Found | None
    won: Found | None

    @property
    def today(self) -> date:
        """Of the turn."""
        return self.desk.today

    @property
    def _words(self) -> Any:
        return load_yaml(f"drafts/{self.lang}")

    def facts(self) -> Facts:
        """Everything that is known."""
        found = Facts()
        for some in (self._people(), self._talks(), self._promises(), self._said(), self._deals(), self._orders()):
            for fact in some:
                found.add(fact)
        return found

    def _people(self) -> Iterator[Fact]:
        actor, company = self.desk.context.actor, company_of(self.subject.record)
        if company is not None:
            yield Fact("account", {"name": company.quote or company.label}, company)
        if actor.id:
            yield Fact("me", {"name": actor.name}, Citation("user", actor.id, actor.name, ""))

    def _talks(self) -> Iterator[Fact]:
        groups = {
            "talk": talks_of(self.subject, self.today),
            "missed": missed_calls(self.subject, self.today),
            "sent": mails_of(self.subject, self.today, is_theirs=False),
            "inbound": mails_of(self.subject, self.today, is_theirs=True),
        }
        newest = max((found[0]["happened_on"] for found in groups.values() if found), default=self.today)
        for name, found in groups.items():
            asked = name != "sent" or (found and holds_question(str(found[0]["body"] or "")))
            if found and asked and found[0]["happened_on"] >= self.today - RECENT:
                yield self._event(name, found[0])
            if found and found[0]["happened_on"] == newest and (newest < self.today - _QUIET or not asked):
                yield self._event("quiet", found[0])

    def _event(self, name: str, event: Found) -> Fact:
        said = {"day": self.calendar.day(event["happened_on"]), "kind": self._words["kinds"][str(event["kind"])]}
        subject = bare_subject(event.told("subject")) if event["kind"] == InteractionKind.EMAIL else ""
        return Fact(name, said | ({"subject": subject} if subject else {}), quoted(event), event["happened_on"])

    def _promises(self) -> Iterator[Fact]:
        open_ones = [one for one in self.subject.said.promises if one.is_open and self._is_recent(one.quote, RECENT)]
        for promise in reversed(open_ones):
            thing = thing_in(promise.quote, is_ours=promise.is_ours, lang=self.lang)
            is_stale = promise.due_on is not None and promise.due_on < self.today - _LATE
            if thing is None or is_stale or language_of(promise.quote.text) != self.lang:
                continue
            said = {"thing": thing} | ({"due": self.calendar.day(promise.due_on)} if promise.due_on else {})
            yield Fact(self._promise_name(promise), said, promise.quote.source, promise.quote.day)

    def _promise_name(self, promise: Promise) -> str:
        if not promise.is_ours:
            return "theirs"
        if promise.due_on is None:
            return "owed"
        return "late" if promise.due_on < self.today else "ours"

    def _said(self) -> Iterator[Fact]:
        """Wishes, what they wrote, objections and questions, the newest first."""
        quotes = [one for one in reversed(self.subject.looked.quotes) if one.source.entity == "interaction"]
        own = [one for one in quotes if language_of(one.text) == self.lang]
        yield from self._wishes(own)
        yield from self._own_words(own)
        yield from self._objections(own)
        yield from self._questions(quotes)

    def _wishes(self, quotes: Sequence[Quote]) -> Iterator[Fact]:
        talks = {one.id for one in talks_of(self.subject, self.today)}
        name, names = self.subject.record.label, iter(("want", "second"))
        for quote in quotes:
            if quote.source.id in talks and self._is_recent(quote, _FRESH):
                said = wish_in(quote, name=name, lang=self.lang, today=self.today)
                free = next(names, None) if said else None
                if said and free:
                    yield Fact(free, {"said": said}, quote.source, quote.day)

    def _own_words(self, quotes: Sequence[Quote]) -> Iterator[Fact]:
        wanted = {one.order for one in self.subject.said.sections["wants"]}
        for quote in quotes:
            said = told_in(quote, lang=self.lang, today=self.today) if quote.order in wanted else None
            if said and self._is_recent(quote, _FRESH):
                yield Fact("told", {"said": said}, quote.source, quote.day)

    def _objections(self, quotes: Sequence[Quote]) -> Iterator[Fact]:
        names, when = self._words["topics"], self._words["when"]
        minded = {one.order for one in self.subject.said.sections["objections"]}
        spoken = {one.id for one in talks_of(self.subject, self.today)}
        for quote in quotes:
            topic = topic_in(quote, self.lang) if quote.order in minded else None
            if topic and quote.day and self._is_recent(quote, RECENT):
                how = "written" if quote.is_theirs else "spoken" if quote.source.id in spoken else "noted"
                told = fill(when[how], day=self.calendar.day(quote.day))
                yield Fact("topic", {"name": names[topic], "when": told, "key": topic}, quote.source, quote.day)

    def _questions(self, quotes: Sequence[Quote]) -> Iterator[Fact]:
        """Of their newest mail, where we have not written since."""
        theirs = mails_of(self.subject, self.today, is_theirs=True)[:1]
        ours = mails_of(self.subject, self.today, is_theirs=False)[:1]
        if not theirs or (ours and ours[0]["happened_on"] > theirs[0]["happened_on"]):
            return
        asked = [one for one in reversed(quotes) if one.source.id == theirs[0].id and question_in(one)]
        for name, quote in zip(("question", "other"), asked, strict=False):
            yield Fact(name, {"text": str(question_in(quote))}, quote.source, quote.day)

    def _deals(self) -> Iterator[Fact]:
        for name, deal in (("deal", self.deal), ("won", self.won)):
            if deal is not None:
                yield from self._of_deal(name, deal)

    def _of_deal(self, name: str, deal: Found) -> Iterator[Fact]:
        lines = self.desk.ask("deal_line", ("product", "quantity"), _is("deal", deal.id))
        products = list(dict.fromkeys(one.told("product") for one in lines)) or [deal.told("product")]
        said = {"products": joined([one for one in products if one], self.lang)}
        said |= {"amount": deal.told("amount")} if deal["amount"] is not None else {}
        yield Fact(name, {hole: words for hole, words in said.items() if words}, recorded(deal, *said.values()))
        if name == "deal" and lines:
            told = [self._item(one) for one in lines]
            items = joined(told, self.lang)
            yield Fact("scope", {"items": items}, recorded(deal, items))
            if "amount" in said:
                costly = {"amount": said["amount"], "items": items}
                yield Fact("costly", costly, recorded(deal, *costly.values()))
        yield from self._product(deal) if name == "deal" else ()

    def _item(self, line: Found) -> str:
        quantity, product = line.told("quantity"), line.told("product")
        return product if quantity == "1" else fill(self._words["scope"], quantity=quantity, product=product)

    def _product(self, deal: Found) -> Iterator[Fact]:
        id_ = deal.id_of("product")
        found = self.desk.ask("product", ("name", "description", "list_price"), only=[id_]) if id_ else []
        for product in found:
            yield from product_facts(product, self.lang)

    def _orders(self) -> Iterator[Fact]:
        account = self.subject.record.id_of("account")
        if account is None:
            return
        for order in self._newest_order(account):
            lines = self.desk.ask("order_line", ("product",), _is("order", order.id))
            products = joined(list(dict.fromkeys(one.told("product") for one in lines)), self.lang)
            said = {"day": self.calendar.day(order["ordered_on"]), "products": products}
            if products:
                yield Fact("order", said, recorded(order, *said.values()), order["ordered_on"])

    def _newest_order(self, account: int) -> list[Found]:
        columns, where = ("name", "ordered_on"), _is("account", account)
        return self.desk.ask("order", columns, where, newest="ordered_on", limit=1)

    def _is_recent(self, quote: Quote, span: timedelta) -> bool:
        return quote.day is not None and self.today - span <= quote.day <= self.today


def _is(field_name: str, id_: int) -> Condition:
    return Condition(field=field_name, value=id_)
