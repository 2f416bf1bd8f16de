"""A warning as a sentence with the record that it rests on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from copilot.context import Lang
from copilot.fence import strip_marks
from copilot.labels import entity_label
from copilot.reply import Citation
from crm_core.health import Checked, get_rule
from crm_core.models import InteractionKind
from crm_core.query.spec import All, Condition, Filter
from crm_core.query.spec import Any as AnyOf
from prompts import fill, load_yaml

if TYPE_CHECKING:
    from copilot.briefs.desk import Desk, Found

LONGEST = 200  # characters of a quote
_WRITTEN: list[str | int | float | bool] = [InteractionKind.EMAIL, InteractionKind.CHAT]


@dataclass(frozen=True)
class Sign:
    """A warning of one deal.

    Attributes:
        rule: its name.
        text: in the person's language.
        source: the record that it rests on.
        day: that it tells of; None: none.
    """

    rule: str
    text: str
    source: Citation
    day: date | None = None


def rule_name(rule: str, lang: Lang) -> str:
    """What a warning is called."""
    return str(_words(rule)["name"][lang])


def formula(rule: str, limit: int, lang: Lang) -> str:
    """When a warning is given, in words."""
    told = get_rule(rule).formula if lang == "en" else str(_words(rule)["formula"][lang])
    return told.replace("`limit`", str(limit))


def in_days(count: int, lang: Lang) -> str:
    """A length of time."""
    one, many = load_yaml("health")["days"][lang]
    return fill(one if count == 1 else many, count=count)


def tell_signs(desk: "Desk", checked: Checked, deal: "Found") -> list[Sign]:
    """The warnings of a deal, the gravest first.

    Args:
        desk: looks up what they rest on, for the person of its turn.
        checked: that found them.
        deal: with its stage and its account.
    """
    return [_TELL[rule](_Told(desk, rule, deal), *raw) for rule, raw in checked.of(deal.id)]


@dataclass(frozen=True)
class _Told:
    """A warning about to be told of a deal."""

    desk: "Desk"
    rule: str
    deal: "Found"

    def sign(self, shape: str, source: Citation | None = None, on: date | None = None, **facts: object) -> Sign:
        text = fill(_words(self.rule)["told"][shape][self.lang], day=on.isoformat() if on else "", **facts)
        return Sign(self.rule, text, source or self.deal.source, on)

    def since(self, day: date) -> str:
        return in_days((self.desk.today - day).days, self.lang)

    def talk(self, day: date, *tests: Filter) -> Citation | None:
        """The newest talk on this day, of the deal or of its account alone."""
        account = self.deal.id_of("account")
        ways: list[Filter] = [Condition(field="deal", value=self.deal.id)]
        if account:
            ways.append(All(all=[Condition(field="account", value=account), Condition(field="deal", op="empty")]))
        on = Condition(field="happened_on", value=day.isoformat())
        found = self.desk.ask(
            "interaction", ("subject", "kind", "happened_on"), All(all=[AnyOf(any=ways), on, *tests]),
            newest="happened_on", limit=1,
        )  # fmt: skip
        return talk_source(found[0]) if found else None

    @property
    def lang(self) -> Lang:
        return self.desk.context.lang


def talk_source(talk: "Found") -> Citation:
    """A talk as a source, called by its subject."""
    return replace(talk.source, label=talk.told("subject") or entity_label(talk.entity, talk.lang, count=1))


def _overdue(told: _Told, day: date) -> Sign:
    return told.sign("plain", None, day, days=told.since(day))


def _stalled(told: _Told, since: date, norm: int, is_known: bool) -> Sign:
    shape = "plain" if is_known else "thin"
    stage, days = told.deal.told("stage"), told.since(since)
    return told.sign(shape, None, since, stage=stage, days=days, norm=in_days(norm, told.lang))


def _no_reply(told: _Told, day: date) -> Sign:
    ours = (Condition(field="kind", op="in", value=_WRITTEN), Condition(field="direction", value="out"))
    return told.sign("plain", told.talk(day, *ours), day, days=told.since(day))


def _no_activity(told: _Told, day: date | None, usual: int | None) -> Sign:
    if day is None:
        return told.sign("never")
    facts = {"days": told.since(day), "usual": in_days(usual or 0, told.lang)}
    return told.sign("plain" if usual is None else "usual", told.talk(day), day, **facts)


def _single_contact(told: _Told, people: int, person: int) -> Sign:
    named = told.desk.ask("contact", ("name", "title"), only=[person]) if people == 1 else []
    if not named:
        return told.sign("few", people=people)
    return told.sign("plain", named[0].source, name=named[0].label)


def _no_decider(told: _Told, deciders: int) -> Sign:
    return told.sign("few" if deciders else "plain")


def _negative(told: _Told, talk: int, day: date, quote: str) -> Sign:
    bare = strip_marks(quote)
    told_quote = bare if len(bare) <= LONGEST else f"{bare[:LONGEST].rstrip()} …"
    found = told.desk.ask("interaction", ("subject", "kind", "happened_on"), only=[talk])
    source = replace(talk_source(found[0]), quote=bare) if found else None
    return told.sign("plain", source, day, quote=told_quote)


def _discount(told: _Told, percent: int, is_line: bool) -> Sign:
    return told.sign("line" if is_line else "fall", percent=percent)


_TELL: dict[str, Callable[..., Sign]] = {
    "overdue": _overdue,
    "stalled": _stalled,
    "no_reply": _no_reply,
    "no_activity": _no_activity,
    "no_next_step": lambda told: told.sign("plain"),
    "single_contact": _single_contact,
    "no_decider": _no_decider,
    "no_price": lambda told, count: told.sign("plain", count=count),
    "negative": _negative,
    "discount": _discount,
}


def _words(rule: str) -> Any:
    return load_yaml("health")["rules"][rule]
