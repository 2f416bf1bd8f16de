"""Rules for which records are meant: names, values, states, periods, whose they are."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.items import Item
from copilot.offline.compose.neighbours import nouns_at, opens
from copilot.offline.compose.reading import Doubt, FieldTest, Period, RecordTest, StateTest
from copilot.offline.dates import DateSpan, find_dates
from copilot.offline.dates.steps import take_step
from copilot.offline.routes import find_route
from copilot.offline.tags import T
from copilot.offline.tokens import tokenize
from copilot.offline.vocabulary import Name
from crm_core.models import Kind, Role

_OF_TIME = frozenset(
    {"in", "during", "since", "until", "till", "by", "through", "before", "after", "from", "to", "of", "在"}
)
_CALLED_BY_NAME = ("user", "account", "product", "contact", "stage", "lead")
STATES = {"open": ("open",), "won": ("won",), "lost": ("lost",), "closed": ("won", "lost")}


def values(c: Composer) -> None:
    """Names and categorical values as filters; values of one field beside each other are alternatives."""
    for at, item, _ in list(c.each(T.VALUE, T.RECORD)):
        if item.owned or _is_state_of_a_deal(c, item) or _names_a_field(c, at):
            continue
        if item.get(T.RECORD) and (item.tag.type is T.RECORD or not item.get(T.VALUE)) and not _is_value(c, at):
            _record(c, at)
        else:
            _value(c, at)


def _is_value(c: Composer, at: int) -> bool:
    """As in "the GTX series": the noun beside it says that it is a value of that field."""
    held = {s.value[0] for s in c.items[at].all(T.VALUE)}
    return any(held & set(c.fields_at(k)) for k in (at - 1, at + 1))


def _names_a_field(c: Composer, at: int) -> bool:
    """As in "the competitor is Zentro", "the most pipeline": a value only where the word stands for nothing else."""
    item, after = c.items[at], c.item(at + 1)
    if not item.get(T.VALUE) or item.get(T.RECORD):
        return False
    fields = set(c.fields_at(at))
    if c.mentions(T.ASK, "when") and c.dates_at(at):
        return True  # "when was it shipped", where shipped is a status too
    of_field = after is not None and fields & {s.value[0] for s in after.all(T.VALUE)}
    return bool(of_field) or (item.get(T.METRIC) is not None and not _is_value(c, at))


def _is_state_of_a_deal(c: Composer, item: Item) -> bool:
    """As in "open": of deals, unless the kind of record whose status it also is stands in the request."""
    if not item.get(T.STATE) or not item.get(T.VALUE):
        return False
    return not any(s.value[0].split(".")[0] in c.about[:-1] for s in item.all(T.VALUE)) or c.about[0] == FACT


def _value(c: Composer, at: int) -> None:
    options = [s.value for s in c.items[at].all(T.VALUE)]
    noun = {s.value for k in (at - 1, at + 1) for s in (c.items[k].tag.all(T.FIELD) if c.item(k) else ())}
    named = [o for o in options if o[0] in noun]
    dotted = named[0][0] if named else c.nearest([o[0] for o in options], to=c.about)
    if not named:
        _doubt(c, c.items[at].tag.text, dotted, [o[0] for o in options])
    stored = tuple(o[1] for o in options if o[0] == dotted)
    mine = FieldTest(dotted, "in", stored, text=c.items[at].tag.text, at=c.items[at].tag.start)
    for i, test in enumerate(c.reading.fields):
        apart = c.reading.pivot is not None and test.at < c.reading.pivot[1] <= mine.at
        apart = apart or _is_choice(c, dotted, test.at, at)
        if test.dotted == dotted and test.op == "in" and not test.negated and not apart:
            c.reading.fields[i] = replace(test, values=tuple(dict.fromkeys((*test.values, *stored))))
            break
    else:
        c.reading.fields.append(mine)
    c.own(at)
    for k in (at - 1, at + 1):  # "the retail sector", "technology companies", "East region"
        if c.item(k) and dotted in c.fields_at(k) and not c.has(k - 1, T.BY):
            c.own(k)


def _is_choice(c: Composer, dotted: str, start: int, at: int) -> bool:
    """As in "over 3k in the East or over 4k in the West": each value belongs to its own side of the "or"."""
    choice = next((k for k in range(at) if c.items[k].tag.start > start >= 0 and c.has(k, T.OR)), None)
    if choice is None:
        return False
    same = [any(s.value[0] == dotted for s in c.items[k].tag.all(T.VALUE)) for k in range(choice - 1, at)]
    plain = [c.items[k].tag.get(T.OR, T.AND, T.ENTITY, T.FIELD) is not None for k in range(choice - 1, at)]
    return not all(value or noun for value, noun in zip(same, plain, strict=True))


def _doubt(c: Composer, text: str, chosen: str, others: list[str]) -> None:
    """Where a word is a value of several fields of what is asked about, the person says which."""
    asked = [entity_of(c.reading.target.dotted)] if c.reading.target and "." not in c.reading.target.dotted else []
    base = [*asked, *c.about][0]
    routes = {dotted: find_route(c.vocabulary, base, dotted.split(".")[0]) for dotted in dict.fromkeys(others)}
    near = [dotted for dotted, route in routes.items() if route is not None and not route.child]
    is_fact = c.vocabulary.schema.entities[base].is_fact
    if not is_fact and len([dotted for dotted in near if dotted.split(".")[0] == base]) == 1:
        return  # "clients in Leeds": their city comes before the region of their owners
    if len(near) > 1 and chosen in near:
        c.reading.doubts.append(Doubt(text, tuple(near)))


def _record(c: Composer, at: int) -> None:
    sense = c.items[at].get(T.RECORD)
    assert sense is not None
    names = _narrowed(c, at, sense.value)
    entity = names[0].entity
    if len({name.entity for name in names}) > 1 and sense.how == "prefix" and not c.about[:-1]:
        pass  # "Don-something": whoever it may be
    elif len({name.entity for name in names}) > 1:
        about = [e for e in c.about[:-1] if e in _CALLED_BY_NAME]
        order = [*about, *_CALLED_BY_NAME]  # a deal's name often holds its account's: the account is meant
        names = tuple(sorted(names, key=lambda n: order.index(n.entity) if n.entity in order else 9))
        exact = [n for n in names if n.label.lower() == c.items[at].tag.text.lower()]
        names = tuple(n for n in (exact or names) if n.entity == (exact or names)[0].entity)
        entity = names[0].entity
    if sense.how == "fuzzy" and len(names) == 1:
        c.reading.notes.append(f"{c.items[at].tag.text} → {names[0].label}")
    c.reading.records.append(RecordTest(entity, names, text=c.items[at].tag.text, at=c.items[at].tag.start))
    c.own(at)
    nouns = {"user": {"user", "rep", "manager"}}.get(entity, {entity})
    for k in (at + 1, at - 1):  # "the Konex account", "rep Darcel"
        item = c.item(k)
        asked = any(c.has(k - 1, kind) for kind in (T.ASK, T.BY, T.SUP))
        of_them = item is not None and k > at and bool(item.before & {"的", "'s"})  # X的上级 is somebody else
        if item and any(s.value in nouns for s in item.all(T.ENTITY)) and not (item.is_plural or asked or of_them):
            c.own(k)
            break


def _narrowed(c: Composer, at: int, names: tuple[Name, ...]) -> tuple[Name, ...]:
    """Of several records for one word, those of the kind that the neighbouring noun says."""
    if len(names) == 1:
        return names
    for k in (at + 1, at - 1):
        kinds = set(nouns_at(c, k))
        fits = tuple(name for name in names if name.entity in kinds)
        if fits:
            return fits
    return names


def states(c: Composer) -> None:
    """won, lost, open, closed, started. Joined states are alternatives; others must agree, or it asks."""
    explicit = [at for at, item, _ in c.each(T.STATE) if not item.get(T.OWNS)]
    chains: list[tuple[int, list[str], int]] = []
    for at, item, sense in list(c.each(T.STATE)):
        if (item.get(T.OWNS) and explicit) or item.tag.type is T.METRIC:
            continue  # 手上: "open" only where no other word says a state
        asks = any(c.item(k) is not None and "did" in c.items[k].before for k in (at, at - 1))
        if opens(c, at):
            c.reading.started = True  # "how many did we open in May"
            c.own(at)
            continue
        if (
            asks
            and sense.value != "started"
            and not c.mentions(T.ASK, "when")
            and any(r.entity == FACT for r in c.reading.records)
        ):
            c.reading.columns.append("deal.stage")  # "deal X: did we win it"
        elif sense.value == "started":
            c.reading.started = True
        elif chains and _joined(c, chains[-1][2], at):
            chains[-1] = (chains[-1][0], [*chains[-1][1], *STATES[sense.value]], at)
        else:
            chains.append((item.tag.start, list(STATES[sense.value]), at))
        c.own(at)
    _test_states(c, chains)


def _test_states(c: Composer, chains: list[tuple[int, list[str], int]]) -> None:
    """The tests of states: the chains are where each begins, its kinds, and its last item."""
    listed = len(chains) > 2 or any(item.tag.get(T.OR) for item in c.items)
    if len(chains) > 1 and listed and {kind for _, kinds, _ in chains for kind in kinds} == {"open", "won", "lost"}:
        chains = []  # "won, lost or still open": whatever became of them
    told = any(
        item.tag.get(T.METRIC) and c.has(k, T.METRIC, "deals_won", "deals_lost") for k, item in enumerate(c.items)
    )
    for start, kinds, _ in chains:
        if told and set(kinds) == {"won", "lost"}:
            continue  # "wins that closed within 30 days"
        test = StateTest(tuple(dict.fromkeys(kinds)), at=start)
        if not any(set(test.kinds) == set(s.kinds) and not s.negated for s in c.reading.states):
            c.reading.states.append(test)


def _joined(c: Composer, left: int, right: int) -> bool:
    """Whether two words stand beside each other or have only "and" or "or" between them."""
    between = range(left + 1, right)
    return all(c.has(k, T.OR) or c.has(k, T.AND) for k in between) and (len(between) > 0 or c.items[right].after_break)


def whose(c: Composer) -> None:
    """My deals; we and our are the whole company."""
    for at, _, sense in c.each(T.MINE):
        if sense.value == "mine" and not _is_addressed(c, at):
            c.reading.mine = c.reading.mine or "me"
        elif sense.value == "ours":
            c.reading.ours = True
        c.own(at)


def _is_addressed(c: Composer, at: int) -> bool:
    """As in "show me", "for me": who gets the answer, not whose records."""
    item = c.items[at]
    if item.tag.text.lower() != "me" or item.preps & {"by", "with", "under", "of"}:
        return False
    asked = [k for k in range(at) if c.items[k].tag.type is T.ASK]
    return bool(asked) if "for" in item.preps else at == 0 or at - 1 in asked


def periods(c: Composer) -> None:
    """Dates, with the date field beside them if one stands there."""
    for at, item, sense in c.each(T.DATE):
        span = sense.value
        dotted = _field_beside(c, at, span)
        if item.owned:
            continue
        if span.until == c.today == span.since and item.preps & {"到", "to", "until", "till"} and c.reading.fields:
            c.own(at)  # "open for over 90 days up to today"
            continue
        if _is_left_out(c, at, item):
            c.reading.periods.append(Period(span, dotted, _state_role(c, at), negated=True))
            c.own(at - 1, at)
            continue
        dotted = dotted or _of_the_last(c, at)
        role = _state_role(c, at)
        if c.has(at - 1, T.OP) and c.items[at - 1].tag.text.lower() in ("over", "within"):
            c.own(at - 1)  # "over the last three months"
        if (c.mentions(T.CHANGE) or c.mentions(T.VERSUS)) and span.relation == "between" and not c.mentions(T.STEP):
            for part in _two_ends(c, item.tag.text):
                c.reading.periods.append(Period(part, dotted, role))
        else:
            step = c.sense(at, T.STEP)
            c.reading.periods.append(Period(span, dotted, role, step=str(step.value) if step else None))
        c.own(at)
    _beside_each_other(c)


def _field_beside(c: Composer, at: int, span: DateSpan) -> str | None:
    """The date field that stands beside a date; a field of years is tested at once."""
    for k in (at - 1, at + 1):
        fields = c.dates_at(k)
        years = c.fields_at(k, lambda f: f.kind is Kind.YEAR)
        if years:
            _year_test(c, span, years)
            c.own(at, k)
            return None
        ahead = k > at and c.sense(k + 1, T.DATE) is not None  # "begun in Q1, closed in Q2": of the next one
        if fields and not c.items[at].after_break and not ahead:
            c.own(k)
            return c.nearest(fields, to=c.about)
    return None


def _of_the_last(c: Composer, at: int) -> str | None:
    """As in "closed in Q2 or Q3": the field of the date before."""
    joined = _is_date(c, at - 2) and c.items[at - 1].tag.get(T.AND, T.OR)
    return c.reading.periods[-1].dotted if joined and c.reading.periods else None


def _is_date(c: Composer, at: int) -> bool:
    item = c.item(at)
    return item is not None and item.tag.get(T.DATE) is not None


def _beside_each_other(c: Composer) -> None:
    """As in "Q2 and the previous quarter": the one before that, and not before today."""
    plain = [p for p in c.reading.periods if p.step is None]
    if len(plain) != 1:
        return
    for i, period in enumerate(c.reading.periods):
        if period.step and period.span.unit in (plain[0].span.unit, "range"):
            span = take_step(plain[0].span, period.step)
            c.reading.periods[i] = replace(period, span=span or period.span, step=None)
            c.reading.change = "any" if c.mentions(T.VERSUS) else None


def months_or_names(c: Composer) -> None:
    """As in "and Mar?": nothing says whether the month is meant or somebody whose name begins so."""
    for at, item, sense in list(c.each(T.DATE)):
        names = item.tag.get(T.RECORD)
        dated = any(c.has(k, T.DATE) or c.has(k, T.NUMBER) for k in (at - 1, at + 1))
        if names is not None and not dated and not item.before & _OF_TIME:
            labels = tuple(name.label for name in names.value)
            c.reading.doubts.append(Doubt(item.tag.text, (), (*labels, sense.value.text)))
            c.own(at)


def _is_left_out(c: Composer, at: int, item: Item) -> bool:
    """As in "outside Q4", "not in Q4"."""
    if c.has(at - 1, T.NEG, "exclude") and not item.after_break and not _is_rest(c, at - 1):
        return True
    alone = sum(i.tag.type is T.DATE for i in c.items) == 1  # "in Q4 but not in Q3" is two conditions
    return alone and c.has(at - 1, T.NEG, "not") and bool(item.preps & {"in", "during", "on"})


def _is_rest(c: Composer, at: int) -> bool:
    """As in "the rest of Q4", "another week": no exception."""
    text = c.items[at].tag.text.lower()
    return any(" ".join(words) in text for words in c.vocabulary.lexicon.frames["rest"])


def _two_ends(c: Composer, text: str) -> list[DateSpan]:
    """The two periods of "from Q3 to Q4", each on its own."""
    found: list[DateSpan] = []
    tokens = tokenize(text)
    spans = [s for s in find_dates(tokens, c.today) if s.relation == "in"]
    for span in spans:
        if all(span.start >= other.end or span.end <= other.start for other in found):
            found.append(span)
    return found


def _year_test(c: Composer, span: DateSpan, years: list[str]) -> None:
    since, until = span.since, span.until
    dotted = c.nearest(years, to=c.about)
    if since is not None:
        c.reading.fields.append(FieldTest(dotted, "ge", (since.year,)))
    if until is not None:
        c.reading.fields.append(FieldTest(dotted, "le", (until.year,)))


def _state_role(c: Composer, at: int) -> str | None:
    """The state word nearest to a date decides which date of the deal is meant."""
    best: tuple[int, str] | None = None
    for k, item in enumerate(c.items):
        sense, stage = item.tag.get(T.STATE), item.tag.get(T.RECORD)
        metric = item.get(T.METRIC)
        if metric is not None and metric.value in ("deals_won", "deals_lost"):
            stood = "closed"
        elif stage is not None and stage.value[0].entity == "stage":
            stood = c.vocabulary.stages.get(stage.value[0].label, "")  # "walked away in May"
        elif sense is None or item.tag.type is not T.STATE:
            continue
        else:
            stood = sense.value
        role = {"won": Role.CLOSED, "lost": Role.CLOSED, "closed": Role.CLOSED, "started": Role.OPENED}.get(stood)
        if role and (best is None or abs(k - at) < best[0]):
            best = (abs(k - at), role)
    return best[1] if best else None
