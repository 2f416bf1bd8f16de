"""Names of records and stored values."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.items import Item
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.reading import Doubt, FieldTest, RecordTest
from copilot.offline.compose.scope.leading import called_once, led_fields
from copilot.offline.routes import find_route
from copilot.offline.tags import T
from copilot.offline.vocabulary import Name

_CALLED_BY_NAME = ("user", "account", "product", "contact", "stage", "lead")


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
    if not any(other.tag.get(T.ENTITY) for other in c.items) and _speaks_of_deals(c):
        return True
    return not any(s.value[0].split(".")[0] in c.about[:-1] for s in item.all(T.VALUE)) or c.about[0] == FACT


def _speaks_of_deals(c: Composer) -> bool:
    """As in "my open pipeline", "the average value of what is open", "what is open in Negotiation"."""
    measured = any(dotted.startswith(f"{FACT}.") for at in range(len(c.items)) for dotted in c.numeric_at(at))
    names = [name.entity for item in c.items for s in item.all(T.RECORD) for name in s.value]
    return measured or c.mentions(T.METRIC) or "stage" in (*names, *(test.entity for test in c.reading.records))


def _value(c: Composer, at: int) -> None:
    options = [s.value for s in c.items[at].all(T.VALUE)]
    noun = {s.value for k in (at - 1, at + 1) for s in (c.items[k].tag.all(T.FIELD) if c.item(k) else ())}
    named = [o for o in options if o[0] in noun]
    led = [] if named else led_fields(c, at, [o[0] for o in options])
    named = named or [o for o in options if o[0] in led]
    dotted = c.nearest([o[0] for o in named or options], to=c.about)
    if not named and not _said_of_its_own(c, at, dotted, [o[0] for o in options]):
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


def _said_of_its_own(c: Composer, at: int, dotted: str, options: list[str]) -> bool:
    """As in 款到发货的|合同, where customers have such a field too: that of the records which it stands before."""
    entity = dotted.split(".")[0]
    own = [o for o in options if o.split(".")[0] == entity]
    beside = entity in nouns_at(c, at + 1) and not c.items[at].tag.text.isascii()
    if beside and len(own) == 1 < len(set(options)):
        c.reading.notes.append(f"{c.items[at].tag.text} → {c.vocabulary.field(dotted).label}")
        return True
    return False


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
    if len(near) > len(once := called_once(c, near, base)):
        near = once
        if len(near) == 1 and near == [chosen]:
            c.reading.notes.append(f"{text} → {c.vocabulary.field(chosen).label} {text}")
    is_fact = c.vocabulary.schema.entities[base].is_fact
    is_own = not is_fact or base == "lead"  # a lead has an account only once it is one
    if is_own and len([dotted for dotted in near if dotted.split(".")[0] == base]) == 1:
        if len(near) > 1:
            c.reading.notes.append(f"{text} → {c.vocabulary.field(chosen).label} {text}")
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
