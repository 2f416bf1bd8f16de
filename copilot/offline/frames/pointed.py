"""What a question points back to in the background before it: "them", "there", "that product", "their names"."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from copilot.offline.frames.clauses import said, words_of
from copilot.offline.tags import SILENT, T, Tag

_PERSON = frozenset({"he", "she", "him", "her", "his", "他", "她"})
_SEVERAL = frozenset({"they", "them", "their", "those", "these", "他们", "她们", "它们"})
_THING = frozenset({"it", "its", "它", "它的"})
_PLACE = frozenset({"there", "那边", "那里", "那儿"})
_OWNING = frozenset({"his", "her", "its", "their"})
_DEICTIC = frozenset({"this", "that", "这个", "那个", "该", "这款", "那款", "这家", "那家", "这位", "那位"})
_SOME = frozenset({"some", "several", "certain", "many", "few", "couple"})
_NAMED = frozenset({"names", "name", "they", "them", "who"})
_PEOPLE = ("user", "contact")


def pointed_out(question: Sequence[Tag], background: Sequence[Tag]) -> Iterator[str]:
    """The question's text with each pointer replaced by the only thing that it may mean; as it stands where none is."""
    described = _described(background) if asks_for_names(question) else ""
    if described:
        yield described
    named = [tag for tag in background if tag.type in (T.RECORD, T.VALUE)]
    noun = _noun_asked_for(background)
    out: list[str] = []
    at = 0
    while at < len(question):
        if noun and question[at].text.lower() in ("which one", "which ones"):
            out.append(f"which {noun}")
            at += 1
            continue
        size, kinds = _pointer(question, at)
        meant = _only(named, kinds) if size and not _only(question[:at], kinds) else None
        out.append(_in_place(question[at : at + size], meant) if meant else question[at].text)
        at += size if meant else 1
    yield joined(out)


def joined(parts: Sequence[str]) -> str:
    """Words with blanks between, Chinese without."""
    text = ""
    for part in parts:
        bare = not text or (not text[-1].isascii() and not part[:1].isascii())
        text += part if bare else f" {part}"
    return text


def _noun_asked_for(background: Sequence[Tag]) -> str:
    """As in "somebody asked me | which product | sells best": what "which one" is one of."""
    after = [two for one, two in pairwise(background) if one.text.lower() in ("which", "what")]
    return next((tag.text for tag in reversed(after) if tag.type in (T.ENTITY, T.FIELD)), "")


def _pointer(question: Sequence[Tag], at: int) -> tuple[int, tuple[str, ...]]:
    """How many tags the pointer takes that begins there, and what it may mean: entities, or the fields of values."""
    word = question[at].text.lower()
    after = question[at + 1] if at + 1 < len(question) else None
    if word in _DEICTIC and after is not None:
        nouns = [str(sense.value) for sense in after.senses if sense.type in (T.ENTITY, T.FIELD)]
        return (2, tuple(nouns)) if nouns else (0, ())
    if word in _PERSON or _team(word):
        return 1, _PEOPLE
    if word in _SEVERAL:
        behind = after is not None and after.type in (T.ENTITY, T.FIELD) and word in ("those", "these")
        return (0, ()) if behind else (1, ("account", "product", "values", *_PEOPLE))
    if word in _PLACE:
        return 1, ("values", "account")
    return (1, ("product", "account")) if word in _THING else (0, ())


def _team(word: str) -> str:
    """The noun of 他们部门, 她那组."""
    return next((word.removeprefix(lead) for lead in ("他们", "她们", "他", "她") if word.startswith(lead)), "")


def _only(named: Sequence[Tag], kinds: Sequence[str]) -> Tag | None:
    """The one thing of these kinds that is named; None where there are several."""
    fitting = {tag.text.lower(): tag for tag in named if _kinds(tag) & set(kinds)}
    return next(iter(fitting.values())) if len(fitting) == 1 else None


def _kinds(tag: Tag) -> set[str]:
    if tag.type is T.RECORD:
        return {name.entity for name in tag.senses[0].value}
    return {"values", *(str(sense.value[0]) for sense in tag.all(T.VALUE))} if tag.type is T.VALUE else set()


def _in_place(pointer: Sequence[Tag], meant: Tag) -> str:
    word = pointer[0].text.lower()
    if team := _team(word):
        return f"{meant.text}的{team}"
    if word in _OWNING:
        return f"{meant.text}'s"
    return f"in {meant.text}" if word == "there" else meant.text


def asks_for_names(question: Sequence[Tag]) -> bool:
    """As in "I would like their names", "who are they?": nothing of the data but who they are."""
    words = set(words_of(question))
    content = [tag for tag in question if tag.type not in SILENT and not tag.get(T.ASK)]
    return len(content) <= 3 and len(_NAMED & words) >= 1 and not any(tag.type is T.RECORD for tag in content)


def _described(background: Sequence[Tag]) -> str:
    """As in "I was told that | some people have never been given a deal": which people those are."""
    at = next((at for at in reversed(range(len(background))) if background[at].text.lower() in _SOME), None)
    if at is None:
        return ""
    of_ours = ("of", "our", "the", "my", "these", "those")
    rest = list(background[at + 1 :])
    while rest and all(word in of_ours for word in words_of(rest[:1])):
        rest = rest[1:]
    end = next((k for k, tag in enumerate(rest) if tag.type is T.PUNCT), len(rest))
    return f"which {said(rest[:end])}" if end > 1 else ""
