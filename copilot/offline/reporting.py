"""Requests for a ready report: found by their form, then read for which one, of which records and when.

What a form leaves over ("for Europe by owner") is read as a question about the report's records ("deals for Europe by
owner"), so whatever may be asked of records narrows a report too.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import prompts
from copilot.context import Lang
from copilot.labels import entity_label
from copilot.language import language_of
from copilot.offline.briefing import find_record
from copilot.offline.dates.steps import coming
from copilot.offline.plan import Cannot, Clarify, PastTurn, Plan, Query, Reworded, ShowReport
from copilot.offline.reader import Read
from copilot.offline.tags import T
from copilot.reports import get_report
from copilot.words import sentence
from crm_core.query.spec import All, Condition, Filter

_MARKS = " ?？.。!！,，、'’\"“”"
_ATTAINMENT, _ATTAIN = "attainment", "attain"
_TIMES = (
    "so far",
    "for ",
    "in ",
    "this ",
    "last ",
    "year",
    "to date",
    "now",
    "today",
    "right now",
    "at the moment",
    "currently",
)
_LONGEST = 200  # characters: a longer message tells something


@dataclass(frozen=True)
class Request:
    """A message of such a form.

    Attributes:
        name: of the report.
        who: the one record that it is about; empty: none.
        rest: which records, in the person's words; empty: all.
        tests: field → value, of the filter that the form itself says.
        of_target: it asks how far somebody is from a target, and does not say what counts.
    """

    name: str
    who: str
    rest: str
    tests: tuple[tuple[str, str], ...] = ()
    of_target: bool = False


def find_request(text: str) -> Request | None:
    """The report that a message asks for; None: it has no such form."""
    plain = " ".join(text.strip(_MARKS).replace("’", "'").split())
    if len(plain) > _LONGEST:
        return None
    for name, form in _forms():
        found = form.fullmatch(plain)
        if found:
            parts = found.groupdict(default="")
            said_rest = [part for key, part in parts.items() if key.startswith("rest") and part]
            rest = " ".join("my" if part.lower() == "i" else part for part in said_rest)
            said = [key.split("__") for key, part in parts.items() if key.startswith("is__") and part]
            tests = tuple((field, value) for _, field, value in said)
            of_target = name == _ATTAINMENT and "rest_whose" in parts and _ATTAIN not in plain.lower()
            return Request(name, parts.get("who", "").strip(_MARKS), rest.strip(_MARKS), tests, of_target)
    return None


def plan_report(
    text: str, asked: Request, read: Callable[[str], Read], pose: Callable[[str], Plan], dialogue: Sequence[PastTurn],
    today: date, *, holds: Callable[[str], bool] = lambda _: True,
    sells_by_orders: bool = False,
) -> Plan | None:  # fmt: skip
    """The report; asks back or declines where a name or a scope is not clear. None: it asks for something else.

    Args:
        text: the message.
        asked: what its form says.
        read: gives words their readings.
        pose: plans a question about records.
        dialogue: earlier turns.
        today: the clock.
        holds: whether there is any record of a kind.
        sells_by_orders: whether deals and placed orders are kept, so that a target may be one of either.
    """
    if asked.of_target and sells_by_orders:
        return _which_sales(text, asked.rest)
    needed = get_report(asked.name).rests_on
    if asked.tests and needed is not None and not holds(needed):
        lang = language_of(text)
        return Cannot(prompts.fill(prompts.load_yaml("planner")[lang]["no_records"], what=entity_label(needed, lang)))
    if asked.who:
        found = find_record(asked.who, read(text), text, dialogue)
        return ShowReport(asked.name, found) if isinstance(found, tuple) else found
    lang = language_of(text)
    rest = read(asked.rest) if asked.rest else None
    spans = [tag for tag in rest.tags if tag.get(T.DATE)] if rest else []
    if len(spans) > 1:
        return Clarify(prompts.load_yaml("planner")[lang]["which_date"])
    span = spans[0].get(T.DATE) if spans else None
    told = coming(span.value, today) if span and get_report(asked.name).is_ahead else span.value if span else None
    since, until = (told.since, told.until) if told else (None, None)
    scope = _without(asked.rest, spans[0].text if spans else "", lang)
    tests = [Condition(field=field, value=value) for field, value in asked.tests]
    if not scope:
        return ShowReport(asked.name, where=_all(tests), since=since, until=until)
    plans = [pose(one) for one in _questions(scope, get_report(asked.name).entity, lang)]
    plan = next((one for one in plans if isinstance(one, Query)), plans[0])
    if not isinstance(plan, Query):
        return plan
    spec = plan.spec
    if spec.entity != get_report(asked.name).entity:
        return None
    if spec.limit or spec.order_by or spec.having or spec.compare_to or spec.columns:
        return Cannot(sentence("report_refuse_rank", lang))
    where = _all([*tests, *([spec.where] if spec.where else [])])
    return ShowReport(asked.name, where=where, by=tuple(spec.group_by), since=since, until=until)


def _which_sales(text: str, rest: str) -> Clarify:
    """What counts towards the target: each as a question to pick."""
    whose = "my " if rest.split(" ")[0].lower() == "my" else ""
    scope = rest[len(whose.strip()) :].strip()
    of = f" {scope}" if scope.lower().startswith(_TIMES) or not scope else f" of {scope}"
    options = tuple(Reworded(f"{whose}{figure}{of}".rstrip()) for figure in (_ATTAINMENT, "order revenue"))
    return Clarify(prompts.load_yaml("planner")[language_of(text)]["which_sales"], reworded=options)


def _all(tests: Sequence[Filter]) -> Filter | None:
    """All of them together; None: nothing is tested."""
    return All(all=list(tests)) if len(tests) > 1 else tests[0] if tests else None


def _questions(scope: str, entity: str, lang: Lang) -> list[str]:
    """How the records are asked for: in Chinese what they are told apart by may stand before them or after."""
    forms, records = prompts.load_yaml("lexicon/report")["question"][lang], entity_label(entity, lang)
    of, by, rest = scope.partition("按") if lang == "zh" else (scope, "", "")
    asked = [prompts.fill(forms[0], records=records, scope=scope)]
    return [*asked, prompts.fill(forms[1 if of else 2], records=records, scope=of, by=by + rest)] if by else asked


def _without(rest: str, period: str, lang: Lang) -> str:
    """`rest` without its period and the words that led to it."""
    if period:
        rest = re.sub(re.escape(period), " ", rest, count=1, flags=re.IGNORECASE)
    plain = " ".join(rest.split()).strip(_MARKS)
    while (bare := _edges()[lang].sub("", plain).strip(_MARKS)) != plain:
        plain = bare
    return plain


@cache
def _edges() -> dict[Lang, re.Pattern[str]]:
    edges = prompts.load_yaml("lexicon/report")["edges"]
    return {
        "en": re.compile(rf"(?:\b(?:{'|'.join(edges['en'])}))$", re.IGNORECASE),
        "zh": re.compile(rf"^(?:{'|'.join(edges['zh'])})|(?:{'|'.join(edges['zh'])})$"),
    }


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    lexicon = prompts.load_yaml("lexicon/report")
    plain = [(name, prompts.fill(lexicon["by_name"], name=name)) for name in lexicon["reports"]]
    said = [(name, form) for name, forms in lexicon["reports"].items() for lang in ("en", "zh") for form in forms[lang]]
    return tuple((name, re.compile(form, re.IGNORECASE)) for name, form in [*plain, *said])
