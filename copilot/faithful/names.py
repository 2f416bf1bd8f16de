"""The names of a text that nothing of the turn shows: records that the store knows, and what only looks like a name."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from unicodedata import normalize

from sqlalchemy import func, select

from copilot.egress.patterns import emails_in, without_emails
from copilot.egress.stand_ins import STAND_IN
from copilot.egress.tokens import folded
from copilot.faithful.chinese import names_in_chinese
from copilot.faithful.sources import Sources
from copilot.house_words import house_words
from crm_core.access import ADMIN
from crm_core.db import ReadStore
from prompts import load_yaml

_NAMED = ("account", "contact", "deal", "lead", "product", "user")
_WORD = re.compile(r"[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+(?:['’&][^\W_]+)*")
_MARKUP = re.compile(r"[*_`#>~]+")
# With and without a scheme, and a bare domain: a browser follows each, and a chat program makes a link of it.
_LINK = re.compile(
    r"(?:(?:https?:)?//|www\.)[^\s)\]>，。]+|(?<![\w@.])(?-i:(?:[a-z0-9-]{2,}\.)+[a-z]{2,}\b)(?:/[^\s)\]>，。]*)?",
    re.IGNORECASE,
)
_JOINS = re.compile(r" ?[&–-]? ?")
_ENDS_BEFORE = re.compile(r"(?:^|[.!?:;\n|•(\"“]|\d[.)])\s*[-–•\"“(]*\s*$")
_EVERYDAY, _EVERYDAY_AT_START = 4.0, 3.5  # Zipf: words of a sentence, and words that sentences begin with
_CHINESE = r"[\u3400-\u4dbf\u4e00-\u9fff]"
_MIXED = re.compile(
    rf"(?P<left>{_CHINESE}+)(?P<mid>[ \-–·]{{0,3}}[A-Za-z][A-Za-z0-9 &'-]{{1,60}}[ ,，-]{{0,3}})(?P<right>{_CHINESE}*)"
)
_LONGEST_NAME = 7  # words
_LONGEST_CHINESE = 14  # characters
_AT_ONCE = 900  # names in one statement
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that a name may be made of; `begins` is true at the beginning of a sentence, a cell or a bracket."""

    text: str
    start: int
    end: int
    key: Key
    begins: bool

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper() or any(char.isdigit() for char in self.text) or not self.text.islower()


@dataclass(frozen=True)
class Known:
    """All that the turn showed or the person said, as units of names."""

    texts: tuple[str, ...]

    @classmethod
    def of(cls, sources: Sources) -> "Known":
        """From everything that names may come from."""
        return cls((*sources.names, *sources.words))

    def shows(self, key: Sequence[str]) -> bool:
        """Whether these units stand side by side anywhere."""
        return f" {' '.join(key)} " in self._all

    @cached_property
    def _all(self) -> str:
        return " | ".join(f" {' '.join(folded(text))} " for text in self.texts)


def unsourced_names(text: str, sources: Sources, store: ReadStore | None) -> list[str]:
    """The names in `text` that nothing in `sources` holds, as they are written.

    Args:
        text: of a language model.
        sources: what it may rest on.
        store: whose records are known by name; None: only what looks like a name is found.
    """
    text = _MARKUP.sub("", normalize("NFKC", text))
    known = Known.of(sources)
    addressed = (*emails_in(text), *_LINK.finditer(text), *STAND_IN.finditer(text))
    wrong = [found[0] for found in addressed if not _said(found[0], known)]
    text = _LINK.sub(" | ", without_emails(text, " | "))
    words = list(_words(text))
    runs = [text[run[0].start : run[-1].end] for run in _runs(text, words) if _is_strange(run, known)]
    wrong += [*runs, *names_in_chinese(text, known)]
    if store is not None:
        wrong += _recorded(store, _candidates(text, words, known))
    return list(dict.fromkeys(wrong))


def _said(written: str, known: Known) -> bool:
    return known.shows(folded(written))


def _words(text: str) -> Iterator[_Word]:
    for found in _WORD.finditer(text):
        word = found[0]
        if word[-2:] in ("'s", "’s"):
            word = word[:-2]
        begins = bool(_ENDS_BEFORE.search(text, max(0, found.start() - 12), found.start())) or not found.start()
        yield _Word(word, found.start(), found.start() + len(word), folded(word), begins)


def _runs(text: str, words: Sequence[_Word]) -> Iterator[list[_Word]]:
    """Capital words side by side, with small words of names between two of them: "Bank of the West"."""
    small = load_yaml("faithful")["in_names"]
    run: list[_Word] = []
    for word in words:
        joined = bool(run) and bool(_JOINS.fullmatch(text, run[-1].end, word.start))
        if joined and (word.is_capital or word.text in small):
            run.append(word)
            continue
        yield from _trimmed(run)
        run = [word] if word.is_capital else []
    yield from _trimmed(run)


def _trimmed(run: list[_Word]) -> Iterator[list[_Word]]:
    while run and not run[-1].is_capital:
        run = run[:-1]
    if run:
        yield run


def _is_strange(run: Sequence[_Word], known: Known) -> bool:
    """Whether a run holds a word that is none of ours, of the language or of the turn, or makes a third name of two."""
    if known.shows([unit for word in run for unit in word.key]):
        return False
    own = [word for word in run if not _is_plain(word)]
    if any(not known.shows(word.key) for word in own):
        return True
    return any(
        not _is_plain(left) and not _is_plain(right) and not known.shows((*left.key, *right.key))
        for left, right in pairwise(run)
    )


def _is_plain(word: _Word) -> bool:
    """No name by itself: a word of ours, an everyday word, an abbreviation in capitals, a number."""
    if not word.key or all(unit in house_words() or unit.isdigit() for unit in word.key):
        return True
    if word.text.isupper() and word.text.isalpha() and len(word.text) <= 4:
        return True
    from wordfreq import zipf_frequency

    least = _EVERYDAY_AT_START if word.begins else _EVERYDAY
    return bool(zipf_frequency(word.text.lower(), "en", wordlist="small") >= least)


# --- names that the store knows ---


def _candidates(text: str, words: Sequence[_Word], known: Known) -> set[str]:
    """Stretches of the text that might be the name of a record, and that nothing of the turn shows."""
    found = set()
    for at, word in enumerate(words):
        for last in words[at : at + _LONGEST_NAME]:
            stretch = text[word.start : last.end]
            if "\n" in stretch or "|" in stretch:
                break
            if _may_be_record(words[at : words.index(last, at) + 1], known):
                found.add(stretch)
    for run in re.finditer(rf"{_CHINESE}{{2,}}", text):
        found |= {part for part in _stretches(run[0]) if part not in house_words() and not known.shows(folded(part))}
    mixed = (part for run in _MIXED.finditer(text) for part in _cuts(run["left"], run["mid"], run["right"]))
    return found | {part for part in mixed if not known.shows(folded(part))}


def _may_be_record(words: Sequence[_Word], known: Known) -> bool:
    if len(words) == 1 and (_is_plain(words[0]) or not words[0].is_capital):
        return False
    if not any(word.is_capital for word in words) or all(set(word.key) <= house_words() for word in words):
        return False
    return not known.shows([unit for word in words for unit in word.key])


def _stretches(run: str) -> Iterator[str]:
    for start in range(len(run)):
        for end in range(start + 2, min(start + _LONGEST_CHINESE, len(run)) + 1):
            yield run[start:end]


def _cuts(left: str, mid: str, right: str) -> Iterator[str]:
    """A name of both scripts may begin and end at any Chinese character: 青屿冷链 - Tern Vibe, 一期."""
    for start in range(max(0, len(left) - _LONGEST_CHINESE), len(left)):
        yield left[start:] + mid.rstrip(" ,，-")
        for end in range(1, min(len(right), _LONGEST_CHINESE) + 1):
            yield left[start:] + mid + right[:end]


def _recorded(store: ReadStore, candidates: Iterable[str]) -> list[str]:
    """Which of these are names of records, whoever may see them."""
    forms = {form: candidate for candidate in candidates for form in (candidate.lower(), _lower_as_sqlite(candidate))}
    if not forms:
        return []
    found: list[str] = []
    with store.read(ADMIN) as connection:
        schema = store.schema_at(connection)
        for entity in (schema.entities[name] for name in _NAMED):
            for title in (name for name in entity.title if name != "external_id"):
                column = func.lower(entity.table.c[title])
                wanted = list(forms)
                for at in range(0, len(wanted), _AT_ONCE):
                    asked = select(column).where(column.in_(wanted[at : at + _AT_ONCE])).distinct()
                    found += [forms[name] for name in connection.execute(asked).scalars()]
    return found


def _lower_as_sqlite(text: str) -> str:
    """SQLite knows no capitals beyond ASCII."""
    return "".join(char.lower() if char.isascii() else char for char in text)
