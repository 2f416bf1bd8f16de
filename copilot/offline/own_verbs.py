"""What a company's own columns are called by, as people say it of what happened.

Of a day "Raised" they say "we raised six", "to raise", "from raising it"; of a yes or no "Signs Off Spend" "who can
sign off the spend".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from copilot.offline.lexicon import Words, key
from copilot.offline.phrases import Phrases
from copilot.offline.tags import Sense, T
from crm_core.models import Kind, StageKind
from crm_core.schema import Schema

_LEAST_LETTERS = 4
_IN_USE = 2.5  # Zipf, of verbs and their forms; made-up ones ("rais") stand below
_PARTICLES = frozenset({"off", "on", "out", "up", "over", "in", "down", "by"})


def own_verbs(
    schema: Schema, labels: Mapping[str, Sequence[Words]], phrases: Phrases
) -> Iterator[tuple[Words, list[Sense]]]:
    """The other forms of columns that are called by a verb, where these stand for nothing else.

    Args:
        schema: with the store's custom fields.
        labels: by "entity.field": what the column is called.
        phrases: what is known already.
    """
    for dotted, names in labels.items():
        entity, name = dotted.split(".")
        field = schema.entities[entity].fields[name]
        for words in names:
            forms: Iterable[Words] = ()
            if len(words) == 1 and (field.is_date or field.kind is Kind.CHOICE):
                forms = ((form,) for form in verb_forms(words[0]))
            elif field.kind is Kind.BOOLEAN and len(words) > 1:
                forms = _acts(words)
            for form in forms:
                if form not in names and all(s.type is T.NOT_HELD for s in phrases.get(form, ())):
                    yield form, [Sense(T.FIELD, dotted)]


def verb_forms(word: str) -> Iterator[str]:
    """The forms of a verb of which one stands: "raised" → raise, raises, raising; nothing of other words."""
    if len(word) < _LEAST_LETTERS or not word.isascii() or not word.isalpha():
        return
    stems: tuple[str, ...]
    if word.endswith("ed"):
        stems = (word[:-1], word[:-2], word[:-3]) if word[-3] == word[-4] else (word[:-1], word[:-2])
    elif word.endswith("s") and not word.endswith("ss"):
        stems = (word[:-1],)
    else:
        return
    base = max(stems, key=_zipf)
    if _zipf(base) >= _IN_USE:
        ing = f"{base.removesuffix('e')}ing"
        past = f"{base}d" if base.endswith("e") else f"{base}ed"
        doubled = (f"{base}{base[-1]}ing", f"{base}{base[-1]}ed")
        yield from (form for form in (base, f"{base}s", ing, past, *doubled) if form != word and _zipf(form) >= _IN_USE)


def _acts(words: Words) -> Iterator[Words]:
    """Of "signs off spend": "sign off spend", "sign off the spend"; of "left company" "left the company"."""
    first, *rest = words
    at = 2 if len(rest) > 1 and rest[0] in _PARTICLES else 1
    for head in dict.fromkeys((first, first[:-1] if first.endswith("s") else first)):
        yield (head, *rest)
        yield (head, *words[1:at], "the", *words[at:])


def _zipf(word: str) -> float:
    from wordfreq import zipf_frequency

    return float(zipf_frequency(word, "en", wordlist="small"))


def ending_stages(stages: Mapping[str, str]) -> Iterator[tuple[Words, list[Sense]]]:
    """The only stage of won or of lost deals, as what happened to them: "placed", and "place" and "places" of it.

    Args:
        stages: name → kind.
    """
    for kind in (StageKind.WON, StageKind.LOST):
        names = [key(name) for name, known in stages.items() if known == kind]
        if len(names) != 1 or len(names[0]) != 1:
            continue
        word = names[0][0]
        for form in (word, *base_forms(word)):
            yield (form,), [Sense(T.STATE, str(kind))]


def base_forms(word: str) -> Iterator[str]:
    """The verb of a participle in -ed, as far as its letters tell: "placed" → "placing", "funded" → "fund"."""
    if not word.endswith("ed") or len(word) < 5:
        return
    yield f"{word[:-2]}ing"
    yield from (word[:-1], word[:-2])
