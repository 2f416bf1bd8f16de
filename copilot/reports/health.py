"""Deals at risk and why; or all that stands against one deal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from copilot.briefs.desk import Desk, Found
from copilot.context import Lang, TurnContext
from copilot.health import cues, formula, rule_name, tell_signs
from copilot.page import Line, Page, Section, Table
from copilot.reports.figures import count_column, money_column, plain_fields
from copilot.reports.report import Asked, Report, split_tests
from copilot.words import sentence
from crm_core.errors import Invalid, NotFound
from crm_core.health import AT_RISK, RULES, Checked, check_deals, get_rule
from crm_core.models import Kind
from crm_core.query.compile.outputs import field_column
from crm_core.query.metrics import OPEN
from crm_core.query.result import Column, Row
from crm_core.query.spec import All, Children, Condition, Filter

WARNING = "warning"  # in a filter of this report, as if it were a field of deals
MOST_TOLD, MOST_ROWS = 5, 200
_ONE_BY_ONE = 5_000  # deals that are still named one by one in a statement
_COLUMNS = ("name", "account", "owner", "stage", "amount", "closes_on", "stage.probability_pct", "external_id")
_ABOUT = ("account", "contact")
_SHOWN = ("name", "account", "owner", "stage", "amount", "closes_on")  # in the table


@dataclass(frozen=True)
class _Risky:
    """A deal with the sum of its warnings, and its amount times its chance."""

    deal: Found
    points: int
    at_stake: Decimal


def health(context: TurnContext, asked: Asked) -> Page:
    """The deals at risk, the most money first; those that have one warning, where the filter names one."""
    if asked.about and asked.about[0] == "deal":
        return _one(context, asked.about)
    only, where = split_warnings(_scope(asked))
    if any(group.bucket or group.cuts or group.sides for group in asked.by):
        raise Invalid(sentence("health_by_dates", context.lang))
    desk, checked = Desk(context), _check(context, where)
    found = _found(desk, checked, only, where, plain_fields(asked.by), is_all=asked.about is not None and not only)
    lang, title = context.lang, _title(context, only, asked)
    sections = [_section(desk, checked, one, only) for one in found[:MOST_TOLD]]
    if not found:
        empty = sentence("health_no_deal" if asked.about else "health_none", lang)
        sections = [Section(sentence("health_result", lang), if_empty=empty)]
    told = f"{title}: {len(found):,}" if found else title
    table = _groups(context, found, asked) if asked.by else _table(context, checked, found[:MOST_ROWS])
    return Page(
        told, None, tuple(sections), tuple(desk.answers), note=_note(context, checked),
        asked=_read(context, checked, only), table=table,
    )  # fmt: skip


def split_warnings(where: Filter | None) -> tuple[tuple[str, ...], Filter | None]:
    """The warnings that a filter names, and the rest of it.

    Raises:
        Invalid: there is no such warning, or it stands where it cannot.
    """
    values, rest = split_tests(where, WARNING)
    names = (get_rule(value).name for value in values)
    return tuple(name for name in names if name in RULES), rest


def _scope(asked: Asked) -> Filter | None:
    if asked.about and asked.about[0] not in _ABOUT:
        raise Invalid(f"The health of deals is told of a deal, an account or a contact, not of a {asked.about[0]}.")
    return asked.within("closes_on", *([_of(*asked.about[:2])] if asked.about else []))


def _of(entity: str, id_: int) -> Filter:
    """The deals of an account, or those that a contact takes part in."""
    own = Condition(field=entity, value=id_)
    return own if entity == "account" else Children(children="deal_contacts", where=own)


def _check(context: TurnContext, where: Filter | None) -> Checked:
    return check_deals(context.store, actor=context.actor, today=context.today, cues=cues(), where=where)


def _found(
    desk: Desk, checked: Checked, only: Sequence[str], where: Filter | None, by: Sequence[str] = (), *, is_all: bool
) -> list[_Risky]:
    """The deals that are told, the most money at stake first: those that `only` or their points say, or all."""
    points = checked.points()
    fired = {id_ for name in only for id_ in checked.fired.get(name, ())}
    wanted = fired if only else {id_ for id_, many in points.items() if many >= checked.limits.at_risk}
    if not wanted and not is_all:
        return []
    is_few = not is_all and len(wanted) <= _ONE_BY_ONE
    tests = All(all=[OPEN, *([where] if where else [])])
    deals = desk.ask("deal", tuple(dict.fromkeys([*_COLUMNS, *by])), tests, only=sorted(wanted) if is_few else None)
    found = [_Risky(one, points.get(one.id, 0), at_stake(one)) for one in deals if is_all or one.id in wanted]
    return sorted(found, key=lambda one: (-one.at_stake, -one.points, one.deal.label))


def at_stake(deal: Found) -> Decimal:
    """A deal's amount times its chance."""
    return Decimal(str(deal["amount"] or 0)) * Decimal(str(deal["stage.probability_pct"] or 0)) / 100


def _section(desk: Desk, checked: Checked, one: _Risky, only: Sequence[str]) -> Section:
    """A deal with its warnings, each with what it rests on."""
    signs = [sign for sign in tell_signs(desk, checked, one.deal) if not only or sign.rule in only]
    lines = tuple(Line(sign.text, sign.source, sign.day) for sign in signs)
    head = " · ".join(filter(None, [one.deal.label, one.deal.told("amount"), one.deal.told("stage")]))
    return Section(head, lines, sentence("health_none", desk.context.lang))


def _groups(context: TurnContext, found: Sequence[_Risky], asked: Asked) -> Table | None:
    """The deals told apart as asked: how many are in each group, their amounts, and these times their chances."""
    if not found:
        return None
    groups: dict[tuple[str, ...], list[_Risky]] = {}
    for one in found:
        groups.setdefault(tuple(one.deal.told(group.field) for group in asked.by), []).append(one)
    schema, known = context.store.schema, {column.name: column for column in found[0].deal.columns}
    columns = [
        replace(field_column(schema.path("deal", group.field)), kind=Kind.TEXT, entity=None) for group in asked.by
    ]
    counted = count_column(context, "open_deals")
    rows = [
        Row((*label, len(some), sum(Decimal(str(one.deal["amount"] or 0)) for one in some), _stake(some)))
        for label, some in groups.items()
    ]
    money = [known["amount"], money_column(context, "at_stake", known["amount"].currency or "")]
    ordered = sorted(rows, key=lambda row: (-Decimal(str(row.values[-1])), str(row.values[0])))
    return Table((*columns, counted, *money), tuple(ordered), bar=counted.name)


def _stake(some: Sequence[_Risky]) -> Decimal:
    return sum((one.at_stake for one in some), Decimal(0)).quantize(Decimal("0.01"))


def _table(context: TurnContext, checked: Checked, found: Sequence[_Risky]) -> Table | None:
    if not found:
        return None
    known = found[0].deal.columns
    places = [at for at, column in enumerate(known) if column.name in _SHOWN]
    label = sentence("health_warnings", context.lang)
    columns = (*(known[at] for at in places), Column(WARNING, label, Kind.LONG_TEXT))
    return Table(columns, tuple(_row(context, checked, one.deal, places) for one in found), "deal")


def _row(context: TurnContext, checked: Checked, deal: Found, places: Sequence[int]) -> Row:
    named = in_a_row([rule_name(rule, context.lang) for rule, _ in checked.of(deal.id)], context.lang)
    values = [deal.row.values[at] if deal.columns[at].name != "name" else deal.label for at in places]
    ids = {new: deal.row.ids[at] for new, at in enumerate(places) if at in deal.row.ids}
    return Row((*values, named), deal.id, ids=ids)


def _one(context: TurnContext, about: tuple[str, int, str]) -> Page:
    """What stands against one deal, each warning with what it rests on."""
    desk, lang = Desk(context), context.lang
    found = desk.ask("deal", _COLUMNS, OPEN, only=[about[1]])
    if not found:
        raise NotFound(sentence("health_closed", lang, name=about[2]))
    checked = check_deals(context.store, actor=context.actor, today=context.today, cues=cues(), only=[about[1]])
    signs = tell_signs(desk, checked, found[0])
    named = {sign.rule for sign in signs} | set(checked.unmeasured)
    fine = [rule_name(rule.name, lang) for rule in checked.limits.rules() if rule.name not in named]
    lines = tuple(Line(f"{rule_name(sign.rule, lang)}: {sign.text}", sign.source, sign.day) for sign in signs)
    sections = [Section(sentence("health_warnings", lang), lines, sentence("health_none", lang))]
    if fine:
        sections.append(Section(sentence("health_fine", lang), (Line(in_a_row(fine, lang), found[0].source),)))
    title = sentence(_verdict(checked, about[1]), lang, name=found[0].label)
    note, read = _note(context, checked), _read(context, checked, ())
    return Page(title, found[0].source, tuple(sections), tuple(desk.answers), note=note, asked=read)


def _verdict(checked: Checked, deal: int) -> str:
    points = checked.points().get(deal, 0)
    return "health_at_risk" if points >= checked.limits.at_risk else "health_to_watch" if points else "health_good"


def _title(context: TurnContext, only: Sequence[str], asked: Asked) -> str:
    if asked.about and not only:
        return sentence("health_of", context.lang, name=asked.about[2])
    names = [rule_name(name, context.lang) for name in only or (AT_RISK.name,)]
    return sentence("health_deals", context.lang, warnings=in_a_row(names, context.lang))


def _note(context: TurnContext, checked: Checked) -> str:
    """What could not be measured."""
    names = [rule_name(name, context.lang) for name in checked.unmeasured]
    return sentence("health_unmeasured", context.lang, warnings=in_a_row(names, context.lang)) if names else ""


def _read(context: TurnContext, checked: Checked, only: Sequence[str]) -> str:
    """How the request was read: the formula of each warning that was asked for."""
    lang = context.lang
    told = [
        f"{rule_name(name, lang)}: {formula(name, checked.limits.of(name), lang)}" for name in only or (AT_RISK.name,)
    ]
    return sentence("health_read", lang, told=("；" if lang == "zh" else "; ").join(told))


def in_a_row(names: Sequence[str], lang: Lang) -> str:
    """Names after one another."""
    return ("、" if lang == "zh" else ", ").join(names)


HEALTH = Report("health", "deal", health, f"deals at risk and why; where may test {WARNING}")
