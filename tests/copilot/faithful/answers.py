"""Answers and drafts as a language model words them, over the demo company, in both languages.

Each is made of plain words and slots: figures, days and names taken from a real result. A test may swap one slot.
"""

import calendar
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from copilot.context import Lang, TurnContext
from copilot.knowledge import Knowledge
from copilot.reply import Answer
from crm_core.access import ADMIN
from crm_core.db import Store
from crm_core.query.run import run_query
from crm_core.query.spec import QuerySpec
from crm_core.query.words import spec_in_words

TODAY = date(2026, 3, 2)
MONTHS = tuple(calendar.month_name)[1:]
QUARTERS = {
    "2025-Q1": ("2025-01-01", "2025-03-31"), "2025-Q2": ("2025-04-01", "2025-06-30"),
    "2025-Q3": ("2025-07-01", "2025-09-30"), "2025-Q4": ("2025-10-01", "2025-12-31"),
}  # fmt: skip


@dataclass(frozen=True)
class Slot:
    """Something of an answer that must have a source; `value` is what it tells."""

    kind: str  # "figure", "day" or "name"
    text: str
    value: Any = None


@dataclass(frozen=True)
class Written:
    """An answer: its pieces, the turn that it was written in, and what it rests on."""

    pieces: tuple[str | Slot, ...]
    turn: TurnContext
    answers: tuple[Answer, ...]

    @property
    def text(self) -> str:
        return "".join(piece if isinstance(piece, str) else piece.text for piece in self.pieces)

    @property
    def slots(self) -> list[int]:
        return [at for at, piece in enumerate(self.pieces) if isinstance(piece, Slot)]


@dataclass
class Writer:
    """Draws answers at random."""

    store: Store
    rng: random.Random

    def write(self) -> Written:
        """One answer or draft; a question that nothing answers is drawn anew."""
        while True:
            form = self.rng.choice((self.by_owner, self.by_quarter, self.deals, self.rates, self.account, self.people,
                                    self.history, self.compared, self.draft, self.count))  # fmt: skip
            lang: Lang = self.rng.choice(("en", "en", "zh"))
            made = form(lang)
            if made is not None:
                question, answer, pieces = made
                store = self.store.for_agent
                turn = TurnContext(
                    store=store, actor=ADMIN, today=TODAY, lang=lang, text=question, thread="0/t",
                    knowledge=Knowledge(store),
                )  # fmt: skip
                return Written(tuple(_parts(pieces)), turn, (answer,))

    # --- kinds of answers ---

    def by_owner(self, lang: Lang) -> Any:
        limit = self.rng.randint(2, 5)
        found = self.ask(entity="deal", group_by=[{"field": "owner"}], measures=[{"metric": "pipeline"}], limit=limit,
                         order_by=[{"by": "pipeline", "descending": True}])  # fmt: skip
        rows = [row.values for row in found.result.rows if row.values[1] is not None]
        name, amount = rows[0]
        if lang == "zh":
            lines = [[self.name(n), "：", self.money(a, lang), "\n"] for n, a in rows[1:]]
            return (
                "谁的管道最多",
                found,
                ["管道金额最高的是", self.name(name), "，", self.money(amount, lang), "。\n", *lines],
            )
        lines = [[f"{at}. **", self.name(n), "** – ", self.money(a, lang), "\n"] for at, (n, a) in enumerate(rows, 1)]
        return "who has the biggest pipeline?", found, [
            self.name(name), " leads with ", self.money(amount, lang), " in open pipeline.\n\n", *lines]  # fmt: skip

    def by_quarter(self, lang: Lang) -> Any:
        found = self.ask(
            entity="deal", group_by=[{"field": "closed_on", "bucket": "quarter"}], measures=[{"metric": "bookings"}],
            where={"field": "closed_on", "op": "between", "value": ["2025-01-01", "2025-12-31"]},
        )  # fmt: skip
        row = self.rng.choice([row.values for row in found.result.rows if row.values[1]])
        year, quarter = str(row[0]).split("-Q")
        if lang == "zh":
            return "2025年各季度成交额", found, [
                Slot("day", f"{year}年第{quarter}季度"), "的成交额约为", self.money(row[1], lang), "。"]  # fmt: skip
        when = Slot("day", self.rng.choice((f"Q{quarter} {year}", f"Q{quarter}", f"{year}-Q{quarter}")))
        return "bookings by quarter in 2025", found, ["In ", when, " we booked ", self.money(row[1], lang), "."]

    def deals(self, lang: Lang) -> Any:
        owner = self.rng.choice(self.titles("user"))
        found = self.ask(entity="deal", columns=["name", "account", "amount", "closes_on", "stage"],
                         where={"all": [{"field": "owner", "op": "eq", "value": owner},
                                        {"field": "stage.kind", "op": "eq", "value": "open"}]}, limit=10)  # fmt: skip
        rows = [row.values for row in found.result.rows if all(value is not None for value in row.values)]
        if not rows:
            return None
        count = self.count_of(found.result.total or len(found.result.rows), lang)
        name, account, amount, closes, stage = self.rng.choice(rows)
        if lang == "zh":
            return f"{owner}的未结商机", found, [
                self.name(owner), "有", count, "个未结商机。其中", self.name(name), "（", self.name(account), "）金额",
                self.money(amount, lang), "，预计", self.day(closes, lang), "关闭。"]  # fmt: skip
        return f"open deals of {owner}", found, [
            self.name(owner), " has ", count, " open deals. The one to watch is ", self.name(name), " at ",
            self.name(account), f": {stage}, ", self.money(amount, lang), ", expected to close on ",
            self.day(closes, lang), "."]  # fmt: skip

    def rates(self, lang: Lang) -> Any:
        found = self.ask(entity="deal", group_by=[{"field": "product"}], measures=[{"metric": "win_rate"}])
        product, rate = self.rng.choice([row.values for row in found.result.rows if row.values[1] and row.values[0]])
        places = self.rng.choice((0, 1))
        shown = self.figure(f"{float(rate) * 100:.{places}f}%", rate)
        if lang == "zh":
            return "各产品赢单率", found, [self.name(product), "的赢单率为", shown, "。"]
        return (
            "win rate by product",
            found,
            ["The win rate of ", self.name(product), " is ", shown, ", over all deals so far."],
        )

    def account(self, lang: Lang) -> Any:
        name = self.rng.choice(self.titles("account"))
        found = self.ask(entity="account", where={"field": "name", "op": "eq", "value": name},
                         columns=["name", "industry", "employees", "revenue", "founded_year", "owner"])  # fmt: skip
        _, industry, employees, revenue, founded, owner = found.result.rows[0].values
        if None in (employees, revenue, founded, owner):
            return None
        staff, since = self.figure(f"{employees:,}", employees), self.figure(str(founded), founded)
        if lang == "zh":
            return f"介绍一下{name}", found, [
                self.name(name), "成立于", since, "年，有", staff, "名员工，年营收", self.money(revenue, lang), "，由",
                self.name(owner), "负责。"]  # fmt: skip
        return f"tell me about {name}", found, [
            "**", self.name(name), f"** ({industry}) was founded in ", since, " and employs ", staff,
            " people. Annual revenue is ", self.money(revenue, lang), "; ", self.name(owner), " owns it."]  # fmt: skip

    def people(self, lang: Lang) -> Any:
        account = self.rng.choice(self.titles("account"))
        found = self.ask(entity="contact", columns=["name", "title", "account"],
                         where={"field": "account.name", "op": "eq", "value": account})  # fmt: skip
        rows = [row.values for row in found.result.rows]
        if len(rows) < 2:
            return None
        (first, title, _), (second, *_rest) = rows[:2]
        if lang == "zh":
            return f"{account}有哪些联系人", found, [
                self.name(account), "有", self.count_of(len(rows), lang), "位联系人，主要是", self.name(first),
                f"（{title}）和", self.name(second), "。"]  # fmt: skip
        return f"contacts at {account}", found, [
            "You know ", self.count_of(len(rows), lang), " people at ", self.name(account), ":\n- ", self.name(first),
            f", {title}\n- ", self.name(second), "\n"]  # fmt: skip

    def history(self, lang: Lang) -> Any:
        account = self.rng.choice(self.titles("account"))
        found = self.ask(entity="interaction", columns=["happened_on", "kind", "contact", "user"], limit=5,
                         where={"field": "account.name", "op": "eq", "value": account},
                         order_by=[{"by": "happened_on", "descending": True}])  # fmt: skip
        rows = [row.values for row in found.result.rows if all(row.values)]
        if not rows:
            return None
        day, kind, contact, rep = rows[0]
        if lang == "zh":
            return f"最近和{account}谈了什么", found, [
                "最近一次联系是", self.day(day, lang), "，由", self.name(rep), "与", self.name(contact),
                "进行。"]  # fmt: skip
        return f"when did we last speak with {account}?", found, [
            "The last touch with ", self.name(account), f" was a {kind} on ", self.day(day, lang), " between ",
            self.name(rep), " and ", self.name(contact), ". Nothing since."]  # fmt: skip

    def compared(self, lang: Lang) -> Any:
        one, two = self.rng.sample(sorted(QUARTERS), 2)
        base, against = ({"field": "closed_on", "since": QUARTERS[q][0], "until": QUARTERS[q][1]} for q in (one, two))
        found = self.ask(
            entity="deal", measures=[{"metric": "bookings"}], compare_to={"base": base, "against": against}
        )
        first, second, *_ = found.result.rows[0].values
        if not first or not second:
            return None
        if lang == "zh":
            return "两个季度的成交额对比", found, [
                Slot("day", f"{one[:4]}年第{one[-1]}季度"), "成交", self.money(first, lang), "，",
                Slot("day", f"{two[:4]}年第{two[-1]}季度"), "成交", self.money(second, lang), "。"]  # fmt: skip
        return f"bookings {one} against {two}", found, [
            "Bookings went from ", self.money(first, lang), " in ", Slot("day", f"{one[5:]} {one[:4]}"), " to ",
            self.money(second, lang), " in ", Slot("day", f"{two[5:]} {two[:4]}"), "."]  # fmt: skip

    def draft(self, lang: Lang) -> Any:
        found = self.ask(entity="deal", columns=["name", "account", "amount", "closes_on", "owner", "product"],
                         where={"field": "stage.kind", "op": "eq", "value": "open"}, limit=40)  # fmt: skip
        rows = [row.values for row in found.result.rows if all(value is not None for value in row.values)]
        _, account, amount, closes, owner, product = self.rng.choice(rows)
        if lang == "zh":
            return "写一封跟进邮件", found, [
                "您好！\n\n感谢您对", self.name(product), "的关注。如之前所说，报价为", self.money(amount, lang),
                "，希望在", self.day(closes, lang), "前确认。\n\n祝好！\n", self.name(owner)]  # fmt: skip
        return "draft a follow-up", found, [
            "Hi there,\n\nThank you for your time. As discussed, our offer to ", self.name(account), " for ",
            self.name(product), " stands at ", self.money(amount, lang), ". It would help us to have your decision by ",
            self.day(closes, lang), ".\n\nBest regards,\n", self.name(owner)]  # fmt: skip

    def count(self, lang: Lang) -> Any:
        industry = self.rng.choice(self.titles("account", "industry"))
        found = self.ask(entity="account", measures=[{"fn": "count"}],
                         where={"field": "industry", "op": "eq", "value": industry})  # fmt: skip
        count = self.count_of(int(found.result.rows[0].values[0] or 0), lang)
        if lang == "zh":
            return f"有多少{industry}客户", found, ["共有", count, "家", industry, "客户。"]
        return f"how many {industry} accounts?", found, ["There are ", count, f" accounts in {industry}."]

    # --- what slots are written like ---

    def name(self, text: Any) -> Slot:
        return Slot("name", str(text), text)

    def figure(self, text: str, value: Any) -> Slot:
        return Slot("figure", text, value)

    def count_of(self, count: int, lang: Lang) -> Slot:
        words = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
        if lang == "en" and 1 < count < len(words) and self.rng.random() < 0.3:
            return self.figure(words[count], count)
        return self.figure(f"{count:,}", count)

    def money(self, value: Any, lang: Lang) -> Slot:
        return self.figure(money_in_words(Decimal(str(value)), lang, self.rng), value)

    def day(self, day: date, lang: Lang) -> Slot:
        return Slot("day", day_in_words(day, lang, self.rng), day)

    # --- the store ---

    def ask(self, **spec: Any) -> Answer:
        parsed = QuerySpec.model_validate(spec)
        result = run_query(self.store, parsed, actor=ADMIN, today=TODAY)
        return Answer(result, spec_in_words(parsed, self.store.schema, today=TODAY, lang="en", labels={}))

    def titles(self, entity: str, field: str = "name") -> list[str]:
        found = self.ask(entity=entity, columns=[field], distinct=True)
        return [str(row.values[0]) for row in found.result.rows if row.values[0]]


def money_in_words(value: Decimal, lang: Lang, rng: random.Random) -> str:
    if lang == "zh":
        if value >= 100_000_000:
            return f"{value / 100_000_000:.2f}亿美元"
        return f"约{value / 10_000:.1f}万美元" if value >= 10_000 else f"{value:,.0f}美元"
    whole = f"{value:,.2f}" if value % 1 else f"{value:,.0f}"
    forms: list[Callable[[], str]] = [lambda: f"${whole}", lambda: f"USD {whole}", lambda: f"{whole} USD"]
    if value >= 1_000_000:
        forms += [lambda: f"${value / 1_000_000:.1f}M", lambda: f"about ${value / 1_000_000:.2f} million"]
    elif value >= 10_000:
        forms += [lambda: f"${value / 1000:.0f}k", lambda: f"roughly ${value / 1000:.1f}K"]
    return rng.choice(forms)()


def day_in_words(day: date, lang: Lang, rng: random.Random) -> str:
    month = MONTHS[day.month - 1]
    if lang == "zh":
        return rng.choice((f"{day.year}年{day.month}月{day.day}日", f"{day.month}月{day.day}日", day.isoformat()))
    return rng.choice((day.isoformat(), f"{month} {day.day}", f"{day.day} {month[:3]} {day.year}",
                       f"{month} {day.day}, {day.year}", f"{day.month}/{day.day}/{day.year}",
                       f"{month[:3]} {day.day}th"))  # fmt: skip


def _parts(pieces: list[Any]) -> Iterator[str | Slot]:
    for piece in pieces:
        if isinstance(piece, list):
            yield from _parts(piece)
        else:
            yield piece
