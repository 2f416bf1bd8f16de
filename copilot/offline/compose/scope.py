"""Rules for which records are meant: names, values, states, trees, negations, periods, whose they are."""

from dataclasses import replace

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.reading import FieldTest, Period, RecordTest, StateTest, Target
from copilot.offline.dates import DateSpan, find_dates
from copilot.offline.tags import T
from copilot.offline.tokens import tokenize
from copilot.offline.vocabulary import Name
from crm_core.models import Kind, Role

STATES = {"open": ("open",), "won": ("won",), "lost": ("lost",), "closed": ("won", "lost")}


def manager_trees(c: Composer) -> None:
    """ "reports to X", "X's team", "X and its subsidiaries", "subsidiaries of X"."""
    for at, _, sense in list(c.each(T.MANAGES)):
        if sense.value == "has_subsidiaries":
            _subsidiaries(c, at)
    for at, _, sense in list(c.each(T.OWNS)):
        if sense.value in ("user.manager", "account.parent"):
            entity = sense.value.split(".")[0]
            for other in (at + 1, at - 1):
                names = _names_at(c, other, entity)
                if names:
                    c.reading.records.append(RecordTest(entity, names, reference=sense.value))
                    c.own(at, other)
                    break
    for at, _, sense in c.each(T.TREE):
        names = _names_at(c, at - 1, "user") if sense.value == "team" else _names_at(c, at - 1, "account")
        if sense.value == "team" and names:
            c.reading.records.append(RecordTest("user", names, reference="user.manager", at=c.items[at].tag.start))
            c.own(at, at - 1)
        elif sense.value == "team" and c.has(at - 1, T.MINE, "mine"):
            c.reading.mine = "team"
            c.own(at, at - 1)
        elif sense.value == "team" and (_names_at(c, at + 1, "user")):
            c.reading.records.append(RecordTest("user", _names_at(c, at + 1, "user"), reference="user.manager"))
            c.own(at, at + 1)
        elif sense.value == "with_children" and names:
            c.reading.records.append(RecordTest("account", names, below=True, at=c.items[at].tag.start))
            c.own(at, at - 1)
        elif sense.value == "account.subsidiaries":
            _subsidiaries(c, at)
    for at, item, _ in list(c.each(T.MANAGES)):
        _manages(c, at, item.tag.text)


def _manages(c: Composer, at: int, text: str) -> None:
    """ "X's people", "X manages": those below X; "who manages X": X's manager."""
    before, after = _names_at(c, at - 1, "user"), _names_at(c, at + 1, "user")
    if before and c.has(at + 1, T.ASK, "who"):
        c.reading.columns.append("user.manager")  # X的领导是谁
        c.own(at, at + 1)
    elif before:
        c.reading.records.append(RecordTest("user", before, reference="user.manager", at=c.items[at].tag.start))
        c.own(at, at - 1)
    elif after and (text.endswith("of") or not c.has(at - 1, T.ASK, "who")):
        c.reading.records.append(RecordTest("user", after, reference="user.manager"))
        c.own(at, at + 1)
    elif after:
        c.reading.columns.append("user.manager")
        c.own(at, at - 1)
    elif "user.manager" in c.fields_at(at - 1):
        c.own(at)


def _subsidiaries(c: Composer, at: int) -> None:
    for other in (at + 1, at - 1, at - 2, at - 3, at - 4, at + 2):
        names = _names_at(c, other, "account")
        if not names:
            continue
        between = range(other + 1, at)
        joined = c.has(at, T.TREE, "account.subsidiaries") and (
            any(c.sense(k, T.FOLLOW, T.AND) for k in between) or bool(c.items[at].preps & {"including", "incl", "plus"})
        )
        test = (
            RecordTest("account", names, below=True, at=c.items[at].tag.start)
            if joined
            else RecordTest("account", names, reference="account.parent")
        )
        c.reading.records.append(test)
        if not joined:
            c.reading.facts.append("account")
            if c.reading.target is None:
                c.reading.target = Target("account", "which")
        c.own(at, other, *between)
        return


def _names_at(c: Composer, at: int, entity: str) -> tuple[Name, ...]:
    sense = c.sense(at, T.RECORD)
    names = tuple(name for name in sense.value if name.entity == entity) if sense else ()
    return names


def missing(c: Composer) -> None:
    """ "no account", "without a close date", "accounts with no open deals"."""
    for at, _, sense in c.each(T.NEG):
        if sense.value not in ("none", "not", "never"):
            continue
        nxt = at + 1
        while c.has(nxt, T.AGG, "distinct") or (c.has(nxt, T.NUMBER) and _is_one(c, nxt)):
            nxt += 1
        for entity in _nouns_at(c, nxt):
            base = next((e for e in _other_nouns(c, nxt) if e != entity), None)
            reference = c.is_reference_of(base or "deal", entity) if entity != (base or "deal") else None
            if reference:
                c.reading.fields.append(FieldTest(f"{base or 'deal'}.{reference}", "empty", at=c.items[at].tag.start))
                c.own(*range(at, nxt + 1))
                break
            if base and _is_child(c, base, entity):
                c.reading.without.append(entity)
                c.own(*range(at, nxt + 1))
                break
        else:
            fields = c.fields_at(nxt)
            if fields and sense.value == "none":
                c.reading.fields.append(FieldTest(c.nearest(fields, to=c.about), "empty", at=c.items[at].tag.start))
                c.own(at, nxt)


def _is_one(c: Composer, at: int) -> bool:
    sense = c.sense(at, T.NUMBER)
    return sense is not None and sense.value.value in (0, 1)


def _nouns_at(c: Composer, at: int) -> list[str]:
    item = c.item(at)
    return [entity_of(s.value) for s in item.all(T.ENTITY)] if item else []


def _other_nouns(c: Composer, skip: int) -> list[str]:
    found = []
    for at, _, sense in c.each(T.ENTITY):
        if at != skip:
            found.append(entity_of(sense.value))
    return found


def _is_child(c: Composer, base: str, entity: str) -> bool:
    return any(child.entity == entity for child in c.vocabulary.schema.entities[base].children.values())


def anti_join(c: Composer) -> None:
    """ "reps who never won", "accounts that did n't close a won deal in December": no such child record."""
    for at, _, sense in c.each(T.NEG):
        if sense.value not in ("not", "never", "none"):
            continue
        if c.sense(at + 1, T.STATE) and "的" in (c.items[at + 2].before if c.item(at + 2) else ()):
            continue  # 没关掉的商机: the state is negated, not the having
        later = range(at + 1, min(at + 6, len(c.items)))
        verb = next((k for k in later if c.has(k, T.STATE) or c.has(k, T.VERB_METRIC) or c.has(k, T.METRIC)), None)
        party = next((k for k in range(at) if set(_nouns_at(c, k)) & {"account", "user", "product", "contact"}), None)
        if party is None:
            party = next((k for k in range(at) if c.has(k, T.ASK, "who")), None)
        if verb is not None and party is not None and not any(c.has(k, T.VALUE) for k in range(at + 1, verb)):
            c.reading.without.append("deal")
            metric = c.sense(verb, T.METRIC, T.VERB_METRIC)
            if metric is not None and not c.has(verb, T.STATE):
                c.reading.states.append(StateTest(("won",)))
                c.own(verb)
            c.own(at)


def exclusions(c: Composer) -> None:
    """ "excluding the US", "not in retail", "accounts outside Germany": a negated value, record or state."""
    for at, _, sense in c.each(T.NEG):
        if sense.value not in ("exclude", "not"):
            continue
        k, reach = at + 1, []
        while c.item(k) is not None and (c.sense(k, T.VALUE, T.RECORD, T.STATE) or c.has(k, T.AND) or c.has(k, T.OR)):
            joined = k == at + 1 or c.has(k, T.AND) or c.has(k, T.OR) or c.has(k - 1, T.AND) or c.has(k - 1, T.OR)
            if not joined and not c.items[k].after_break:
                break
            reach.append(k)
            k += 1
        while reach and (c.has(reach[-1], T.AND) or c.has(reach[-1], T.OR)):
            reach.pop()
        if not reach and at > 0 and sense.value == "exclude" and c.sense(at - 1, T.VALUE, T.RECORD):
            reach = [at - 1]  # 美国以外
        for k in reach:
            _exclude(c, k)
        if reach:
            c.own(at, *reach)
            if c.fields_at(at - 1) and any(t.dotted in c.fields_at(at - 1) for t in c.reading.fields):
                c.own(at - 1)  # "headquartered outside the US"


def _exclude(c: Composer, at: int) -> None:
    value = c.sense(at, T.VALUE)
    record = c.sense(at, T.RECORD)
    state = c.sense(at, T.STATE)
    if value:
        dotted, stored = value.value
        c.reading.fields.append(FieldTest(dotted, "in", (stored,), negated=True, text=c.items[at].tag.text))
    elif record:
        entity = record.value[0].entity
        c.reading.records.append(RecordTest(entity, record.value, negated=True, text=c.items[at].tag.text))
    elif state and state.value in STATES:
        c.reading.states.append(StateTest(STATES[state.value], negated=True))


def values(c: Composer) -> None:
    """Names and categorical values as filters; values of one field beside each other are alternatives."""
    for at, item, _ in list(c.each(T.VALUE, T.RECORD)):
        if item.owned:
            continue
        if item.get(T.RECORD) and (item.tag.type is T.RECORD or not item.get(T.VALUE)):
            _record(c, at)
        else:
            _value(c, at)


def _value(c: Composer, at: int) -> None:
    options = [s.value for s in c.items[at].all(T.VALUE)]
    noun = {s.value for k in (at - 1, at + 1) for s in (c.items[k].tag.all(T.FIELD) if c.item(k) else ())}
    named = [o for o in options if o[0] in noun]
    dotted = named[0][0] if named else c.nearest([o[0] for o in options], to=c.about)
    stored = tuple(o[1] for o in options if o[0] == dotted)
    mine = FieldTest(dotted, "in", stored, text=c.items[at].tag.text, at=c.items[at].tag.start)
    for i, test in enumerate(c.reading.fields):
        if test.dotted == dotted and test.op == "in" and not test.negated:
            c.reading.fields[i] = replace(test, values=tuple(dict.fromkeys((*test.values, *stored))))
            break
    else:
        c.reading.fields.append(mine)
    c.own(at)
    for k in (at - 1, at + 1):  # "the retail sector", "technology companies", "East region"
        if c.item(k) and dotted in c.fields_at(k) and not c.has(k - 1, T.BY):
            c.own(k)


def _record(c: Composer, at: int) -> None:
    sense = c.items[at].get(T.RECORD)
    assert sense is not None
    names = _narrowed(c, at, sense.value)
    entity = names[0].entity
    if len({name.entity for name in names}) > 1:
        about = c.about
        names = tuple(sorted(names, key=lambda n: about.index(n.entity) if n.entity in about else 9))
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
        if item and any(s.value in nouns for s in item.all(T.ENTITY)) and not c.items[k].is_plural:
            if not c.has(k - 1, T.ASK) and not c.has(k - 1, T.BY) and not c.has(k - 1, T.SUP):
                c.own(k)
                break


def _narrowed(c: Composer, at: int, names: tuple[Name, ...]) -> tuple[Name, ...]:
    """Of several records for one word, those of the kind that the neighbouring noun says."""
    if len(names) == 1:
        return names
    for k in (at + 1, at - 1):
        kinds = set(_nouns_at(c, k))
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
        if sense.value == "started":
            c.reading.started = True
        elif chains and _joined(c, chains[-1][2], at):
            chains[-1] = (chains[-1][0], [*chains[-1][1], *STATES[sense.value]], at)
        else:
            chains.append((item.tag.start, list(STATES[sense.value]), at))
        c.own(at)
    for start, kinds, _ in chains:
        test = StateTest(tuple(dict.fromkeys(kinds)), at=start)
        if not any(set(test.kinds) == set(s.kinds) and not s.negated for s in c.reading.states):
            c.reading.states.append(test)


def _joined(c: Composer, left: int, right: int) -> bool:
    """Whether two words stand beside each other or have only "and" or "or" between them."""
    between = range(left + 1, right)
    return all(c.has(k, T.OR) or c.has(k, T.AND) for k in between) and (len(between) > 0 or c.items[right].after_break)


def relations(c: Composer) -> None:
    """ "owned by", "sold to", "sitting on": explained by the record, value or target at the other end."""
    for at, _, sense in list(c.each(T.OWNS)):
        for option in c.items[at].all(T.OWNS):
            entity, name = str(option.value).split(".")
            target = c.vocabulary.schema.entities[entity].fields[name].target
            if target is None or not c.vocabulary.holds_records(entity):
                continue
            if _asked_who(c, at - 1) and any(r.entity == entity for r in c.reading.records):
                c.reading.columns.append(str(option.value))  # "who owns this deal"
                c.reading.target = None
                c.own(at, at - 1)
                break
            if target in _mentioned(c) or (target == "user" and c.reading.mine):
                c.reading.facts.append(entity)
                c.own(at)
                break
    for at, _, sense in list(c.each(T.MANAGES)):
        if sense.value == "has_subsidiaries":
            _subsidiaries(c, at)
            continue
        manager = c.is_group("user.manager") or any(r.entity == "user" for r in c.reading.records)
        if manager:
            c.own(at)


def _asked_who(c: Composer, at: int) -> bool:
    item = c.item(at)
    return item is not None and any(s.type is T.ASK and s.value == "who" for s in item.tag.senses)


def _mentioned(c: Composer) -> set[str]:
    """Entities that the reading has a test on, asks for, or groups by."""
    found = {r.entity for r in c.reading.records} | {t.entity for t in c.reading.fields}
    nouns = [c.reading.target.dotted if c.reading.target else "", *(g.dotted or "" for g in c.reading.groups)]
    nouns += [c.reading.sup.noun or "" if c.reading.sup else ""]
    return found | {entity_of(noun.split(".")[0]) for noun in nouns if noun}


def whose(c: Composer) -> None:
    """My deals; we and our are the whole company."""
    for at, _, sense in c.each(T.MINE):
        if sense.value == "mine" and not _is_addressed(c, at):
            c.reading.mine = c.reading.mine or "me"
        elif sense.value == "ours":
            c.reading.ours = True
        c.own(at)


def _is_addressed(c: Composer, at: int) -> bool:
    """ "show me", "for me": who gets the answer, not whose records."""
    item = c.items[at]
    if item.tag.text.lower() != "me" or item.preps & {"by", "with", "under", "of"}:
        return False
    requested = any(s.type is T.ASK for k in range(at) for s in c.items[k].tag.senses[:1])
    return requested or not item.preps


def periods(c: Composer) -> None:
    """Dates, with the date field beside them if one stands there."""
    for at, item, sense in c.each(T.DATE):
        span = sense.value
        dotted = None
        for k in (at - 1, at + 1):
            fields = c.dates_at(k)
            years = c.fields_at(k, lambda f: f.kind is Kind.YEAR)
            if years:
                _year_test(c, span, years)
                c.own(at, k)
                break
            if fields and not item.after_break:
                dotted = c.nearest(fields, to=c.about)
                c.own(k)
                break
        if item.owned:
            continue
        role = _state_role(c, at)
        if (c.mentions(T.CHANGE) or c.mentions(T.VERSUS)) and span.relation == "between":
            for part in _two_ends(c, item.tag.text):
                c.reading.periods.append(Period(part, dotted, role))
        else:
            c.reading.periods.append(Period(span, dotted, role))
        c.own(at)


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
        sense = item.tag.get(T.STATE)
        if sense is None or item.tag.type is not T.STATE:
            continue
        role = {"won": Role.CLOSED, "lost": Role.CLOSED, "closed": Role.CLOSED, "started": Role.OPENED}.get(sense.value)
        if role and (best is None or abs(k - at) < best[0]):
            best = (abs(k - at), role)
    return best[1] if best else None
