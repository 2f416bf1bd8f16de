"""What people tell of a new record in their own words: how many, how to reach somebody, where it sits, and the rest."""

from collections.abc import Iterator

from copilot.offline.lexicon import key
from copilot.offline.tags import T
from copilot.offline.vocabulary import Vocabulary
from copilot.offline.writing.making.form import Form, plain
from copilot.offline.writing.making.naming import is_apart
from copilot.offline.writing.making.scan import Mark, Scan
from copilot.offline.writing.words import making_words, small
from crm_core.models import Kind, Role
from crm_core.schema import Field

_CHANNELS = ("channel_phone", "channel_email", "channel_text", "channel_wechat", "channel_whatsapp")
_LEAST_STORED = 2  # channels among the values of a field that is about them
_QUIET = (T.FILLER, T.PREP, T.PRONOUN, T.PUNCT, T.AND, T.FOLLOW, T.WRITE)


def take_units(form: Form) -> None:
    """How many the deal is of, where deals have a field for it: "2 telehandlers", 两台剪叉车."""
    field = units_field(form.saying.vocabulary)
    if field is None or form.entity.name != "deal" or field.name in form.values:
        return
    for tag, sense in form.text.of(T.NUMBER):
        number = sense.value
        bare = not (number.unit or number.is_money or number.is_percent or number.is_ordinal)
        if not bare or number.value != int(number.value) or not form.is_free(tag) or tag.end >= len(form.text.tokens):
            continue
        after = form.text.tag(tag.end)
        word = after.text.lower()
        counted = word in small("goods_noun") | small("goods_counter")
        if counted or any(str(s.value[0]).startswith("deal.") for s in after.all(T.VALUE)):
            form.values[field.name] = plain(number.value)
            form.take(tag.start, after.end if counted else tag.end)
            return


def units_field(vocabulary: Vocabulary) -> Field | None:
    """The field of deals that holds how many, where there is one only."""
    fields = vocabulary.schema.entities["deal"].fields.values()
    fit = [f for f in fields if f.edit and f.kind in (Kind.INTEGER, Kind.DECIMAL)
           and any(word.lower() in small("units_label") for word in f.words)]  # fmt: skip
    return fit[0] if len(fit) == 1 else None


def take_channel(form: Form) -> None:
    """How somebody wants to be reached, in the company's own word for it: "texts only", 平时微信联系."""
    text = form.text
    for field in form.entity.fields.values():
        stored = _stored(form, field) if field.is_custom and field.kind is Kind.CHOICE and field.edit else {}
        if len(stored) < _LEAST_STORED or field.name in form.values:
            continue
        for start, end in text.segments():
            told = [mark for mark in text.said(*_CHANNELS, start=start, end=end) if _free(form, mark)]
            kinds = {concept for mark in told for concept in mark.concepts.intersection(stored)}
            if len(kinds) == 1 and _only_about(text, start, end, told):
                form.values[field.name] = stored[kinds.pop()]
                form.take(start, end)
                break


def _stored(form: Form, field: Field) -> dict[str, str]:
    """Concept → the value that the company has for it."""
    dotted = f"{field.entity}.{field.name}"
    values = {s.value[1] for senses in form.saying.vocabulary.phrases.values() for s in senses
              if s.type is T.VALUE and s.value[0] == dotted}  # fmt: skip
    named = {str(value): making_words().get(key(str(value).lower()), frozenset()) for value in values}
    return {concept: value for value, concepts in named.items() for concept in concepts.intersection(_CHANNELS)}


def _free(form: Form, mark: Mark) -> bool:
    return not form.used.intersection(range(mark.start, mark.end))


def _only_about(text: Scan, start: int, end: int, told: list[Mark]) -> bool:
    """Whether the words say nothing else, and that it is preferred: "prefers …", "… only", 平时用…."""
    inside = {i for mark in told for i in range(mark.start, mark.end)}
    rest = [i for i in range(start, end) if i not in inside]
    says = [i for i in rest if text.within(i, "preferred")]
    return bool(says) and all(i in says or text.tag(i).type in _QUIET or text.within(i, "her") for i in rest)


def take_place(form: Form) -> None:
    """Where a company sits: "in Tulsa", "based in Leeds"; a place that nobody knows yet is its city."""
    place = form.entity.fields.get("city") or form.entity.by_role(Role.PLACE)
    text = form.text
    if place is None or place.name in form.values or form.entity.name != "account":
        return
    for start, end in text.segments():
        at = next((m.end for m in text.said("seated", start=start, end=end) if m.start == start), None)
        names = at is not None and at < end and all(text.tokens[i].raw[:1].isupper() for i in range(at, end))
        if at is not None and names and not form.used.intersection(range(start, end)):
            form.values[place.name] = text.cut(at, end)
            form.take(start, end)
            return


def take_words(form: Form) -> None:
    """Parts of the message that no value took, word for word, as the description of what is new."""
    field = next((f for f in form.entity.fields.values() if f.kind is Kind.LONG_TEXT and f.edit), None)
    if field is None or field.name in form.values:
        return
    text, kept = form.text, list[str]()
    for start, end in _clauses(text):
        alone = not (form.used - form.noun).intersection(range(start, end))
        orders = [m for m in text.said("create", "begin", "log", start=start, end=end)
                  if m.end > m.start + 1 or not text.is_chinese]  # fmt: skip
        if alone and not orders and any(_says(text, i) for i in range(start, end)):
            kept.append(text.cut(start, end))
            form.take(start, end)
    if kept:
        form.values[field.name] = ("，" if text.is_chinese else ", ").join(kept)


def _clauses(text: Scan) -> Iterator[tuple[int, int]]:
    """The parts between stops; in Chinese those between spaces as well."""
    for start, end in text.segments():
        at = start
        for i in range(start + 1, end) if text.is_chinese else ():
            if is_apart(text, i):
                yield at, i
                at = i
        yield at, end


def _says(text: Scan, at: int) -> bool:
    return text.tag(at).type not in _QUIET and not text.within(at, "polite", "her", "it")
