"""Questions about what was said: found by their form, then read for whom, when and through which channel."""

import re
from collections.abc import Sequence
from functools import cache

import prompts
from copilot.offline.plan import Cannot, Clarify, Plan, Query, Search
from copilot.offline.reader import Read
from copilot.offline.tags import T, Tag
from copilot.offline.vocabulary import Name
from crm_core.query.spec import All, Condition, Filter, Order, QuerySpec

COLLEAGUE = "user"  # what they logged
ABOUT = ("account", "contact", "deal", "lead")  # kinds of records that texts hang on; of one name the first
_TWO_SENTENCES = re.compile(r"[.!?;]\s+\S|[。！？；\n]\s*\S")
_AND = re.compile(r"\s*(?:[,，、&]|\band\b|\bor\b|[和与跟])\s*", re.IGNORECASE)
_KNOWN = "\0"  # stands for a name that the store knows
_MARKS = " ?？.。!！"
_MOST_OPTIONS = 4
_LONGEST = 200  # characters of a plain question: the forms try many ways to read a longer text
_NEWEST = 8  # interactions shown where there is no topic


def asks_what_was_said(text: str) -> bool:
    """Whether a message has the form of such a question."""
    return _match(text) is not None


def plan_search(text: str, read: Read) -> Plan:
    """Where to look and what for; asks back or declines where a name is not clear.

    Args:
        text: the message; `asks_what_was_said` is true of it.
        read: the same message, with its tags.
    """
    words = prompts.load_yaml("planner")[read.lang]
    tags = list(read.tags)
    named = [tag for tag in tags if names_of(tag) or _is_colleague(tag, text)]
    for tag in named:
        names = names_of(tag) or _colleagues(tag)
        if len({name.label for name in names}) > 1:
            question = prompts.fill(words["which_record"], word=tag.text)
            return Clarify(question, tuple(said_of(name, tag, text) for name in names[:_MOST_OPTIONS]))
    stranger = _stranger(text, named)
    if stranger:
        return Cannot(prompts.fill(words["no_such_customer"], word=stranger))
    spans = [tag for tag in tags if tag.get(T.DATE)]
    if len(spans) > 1:
        return Clarify(words["which_date"])
    span = spans[0].get(T.DATE) if spans else None
    found = Search(
        query=_topic(text, [tag.text for tag in (*named, *spans)]),
        about=tuple(
            dict.fromkeys((one.entity, one.id) for tag in named for one in (names_of(tag) or _colleagues(tag))[:1])
        ),
        kinds=_kinds(text),
        since=span.value.since if span else None,
        until=span.value.until if span else None,
    )
    return found if found.query else _latest(found)


def _latest(wanted: Search) -> Query:
    """Without a topic: the newest of what was said."""
    tests: list[Filter] = [Condition(field=entity, value=id_) for entity, id_ in wanted.about]
    if wanted.kinds:
        tests.append(Condition(field="kind", op="in", value=list(wanted.kinds)))
    for op, day in (("ge", wanted.since), ("le", wanted.until)):
        if day is not None:
            tests.append(Condition.model_validate({"field": "happened_on", "op": op, "value": day.isoformat()}))
    spec = QuerySpec(
        entity="interaction",
        where=All(all=tests) if tests else None,
        columns=["happened_on", "kind", "contact", "subject", "body"],
        order_by=[Order(by="happened_on", descending=True)],
        limit=_NEWEST,
    )
    return Query(spec, "list")


def _topic(text: str, told: Sequence[str]) -> str:
    """What is looked for: the words of the form's topic that are no name, day or kind, else the sort of saying."""
    match = _match(text)
    groups = match.groupdict(default="") if match else {}
    said = f"{groups.get('topic', '')} {groups.get('topic_after', '')}"
    for other in sorted(told, key=len, reverse=True):
        said = re.sub(re.escape(other), " ", said, flags=re.IGNORECASE)
    topic = _bare(said)
    sort = groups.get("sort", "")
    return f"{sort} {topic}".strip() if sort else topic


def _bare(words: str) -> str:
    """`words` without those at their edges that say nothing."""
    bare = " ".join(words.split()).strip(_MARKS + "'’,，、")
    while (stripped := _edge().sub("", bare).strip(_MARKS + "'’,，、")) != bare:
        bare = stripped
    return bare


def names_of(tag: Tag) -> tuple[Name, ...]:
    """The customers' records that a tag means."""
    sense = tag.get(T.RECORD)
    names = [name for name in sense.value if name.entity in ABOUT] if sense else []
    return tuple(sorted(names, key=lambda name: ABOUT.index(name.entity)))


def _colleagues(tag: Tag) -> tuple[Name, ...]:
    """The colleagues that a tag means."""
    sense = tag.get(T.RECORD)
    return tuple(name for name in sense.value if name.entity == COLLEAGUE) if sense else ()


def _is_colleague(tag: Tag, text: str) -> bool:
    """Whether a colleague is said to have said something, and is not what was talked of."""
    match = _match(text)
    who = (match.groupdict().get("who") or "") if match else ""
    is_first = text.lower().startswith(tag.text.lower())
    return bool(_colleagues(tag)) and (is_first or tag.text.lower() in who.lower())


def said_of(name: Name, tag: Tag, text: str) -> str:
    """The question with the whole name in it: an option that stands for itself."""
    return re.sub(re.escape(tag.text), lambda _: name.label, text, count=1, flags=re.IGNORECASE)


def _kinds(text: str) -> tuple[str, ...]:
    """The kinds of interactions that are to be searched; empty: any."""
    match = _match(text)
    told = (match.groupdict().get("kind") or "").lower() if match else ""
    kinds = prompts.load_yaml("lexicon/history")["kinds"]
    return tuple(kind for kind, words in kinds.items() if told in words)


def _stranger(text: str, named: Sequence[Tag]) -> str | None:
    """Who is said to have said something and is nobody that the store knows: alone, or listed beside a known one."""
    match = _match(text)
    who = (match.groupdict().get("who") or "").strip(_MARKS + "'’") if match else ""
    for tag in named:
        who = re.sub(re.escape(tag.text), _KNOWN, who, flags=re.IGNORECASE)
    parts = (part.strip(_MARKS) for part in _AND.split(who))
    return next((part for part in parts if part and _KNOWN not in part and part.lower() not in _nobody()), None)


def _match(text: str) -> re.Match[str] | None:
    """The form of a message of one sentence."""
    plain = text.replace("’", "'").strip(_MARKS)
    if len(plain) > _LONGEST:
        return None
    if _TWO_SENTENCES.search(plain):
        return None
    told = " ".join(plain.split())
    return next((match for form in _forms() if (match := form.fullmatch(told))), None)


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    lexicon = prompts.load_yaml("lexicon/history")
    return tuple(re.compile(form, re.IGNORECASE) for lang in ("en", "zh") for form in lexicon[lang])


@cache
def _edge() -> re.Pattern[str]:
    """An empty word at the beginning or the end."""
    empty = prompts.load_yaml("lexicon/history")["empty"]
    english, chinese = ("|".join(sorted(map(re.escape, empty[lang]), key=len, reverse=True)) for lang in ("en", "zh"))
    return re.compile(rf"^(?:(?:{english})(?![\w-])|{chinese})|(?:(?<![\w-])(?:{english})|{chinese})$", re.IGNORECASE)


@cache
def _nobody() -> frozenset[str]:
    return frozenset(word for words in prompts.load_yaml("lexicon/history")["nobody"].values() for word in words)
