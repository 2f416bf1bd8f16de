"""Normalise a request and cut it into tokens: words, numbers, single Chinese characters, symbols.

Nothing here knows a language, a calendar or a schema. Every step is linear in the length of the text and
none raises, whatever the text holds.
"""

import re
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Script = Literal["latin", "cjk", "number", "symbol"]


@dataclass(frozen=True, slots=True)
class Token:
    """One token. `start` and `end` are character offsets in `normalise(text)`, end exclusive.

    `text` is the form to look up (lower case, "can" for the "ca" of "can't"); `raw` keeps the case as typed.
    """

    text: str
    raw: str
    start: int
    end: int
    script: Script


Tokens: TypeAlias = tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A token, or one of the words that a hyphen joins in it ("mid-March" is two parts of one token)."""

    text: str
    raw: str
    token: int
    script: Script
    is_first: bool
    is_last: bool


_CJK = r"\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
_LETTER = rf"[^\W{_CJK}]"
_NOT_LATIN_NEXT = r"(?![A-Za-z0-9_])"
_UNIT_NEXT = (
    r"(?=(?:d|days?|wks?|weeks?|mos?|mths?|months?|qtrs?|quarters?|yrs?|years?|hrs?|hours?|mins?|minutes?)"
    r"(?![A-Za-z0-9_]))"
)
_CODE_NEXT = r"(?=(?:usd|eur|gbp|rmb|cny)(?![A-Za-z0-9_]))"
_AMOUNT = r"(?:[0-9]{1,3}(?:,[0-9]{3})++(?![0-9])|[0-9]{1,2}(?:,[0-9]{2}){1,4},[0-9]{3}(?![0-9])|[0-9]++)(?:\.[0-9]++)?"
_SCALE = r"(?:k|m|mm|mn|mil|mio|mln|b|bn|bil|bln|tn|w|lakhs?|lacs?|crores?|cr)"
_TOKEN = re.compile(
    rf"""
    (?P<date>
        [0-9]{{4}}([-/.])[0-9]{{1,2}}\2[0-9]{{1,2}}(?![0-9])(?:(?=t[0-9])|{_NOT_LATIN_NEXT})
      | [0-9]{{4}}-(?:0[1-9]|1[0-2])(?![-.][0-9]){_NOT_LATIN_NEXT}
      | [0-9]{{1,2}}/(?:19|20)[0-9]{{2}}(?![/.]?[0-9]){_NOT_LATIN_NEXT}
      | (?:19|20)[0-9]{{2}}/(?:0?[1-9]|1[0-2])(?![/.]?[0-9]){_NOT_LATIN_NEXT}
      | [0-9]{{1,2}}/[0-9]{{1,2}}(?:/(?:[0-9]{{4}}|[0-9]{{2}}))?(?![/.]?[0-9]){_NOT_LATIN_NEXT}
      | [0-9]{{1,2}}([-.])[0-9]{{1,2}}\3[0-9]{{4}}{_NOT_LATIN_NEXT}
    )
  | (?P<time>[0-9]{{1,2}}(?::[0-9]{{2}}(?::[0-9]{{2}})?(?:[ap]m)?|[ap]m){_NOT_LATIN_NEXT})
  | (?P<ordinal>[0-9]+(?:st|nd|rd|th){_NOT_LATIN_NEXT})
  | (?P<prefix>(?:usd|eur|gbp|rmb|cny)(?=[0-9]))
  | (?P<version>[0-9]+(?:\.[0-9]+){{2,}}{_NOT_LATIN_NEXT})
  | (?P<number>
        (?:(?:us|hk|nt|[acs])?\$|[€£¥₹])\ ?(?:{_AMOUNT}|\.[0-9]++){_SCALE}?{_NOT_LATIN_NEXT}[%+]?
      | (?:{_AMOUNT}|(?<![\w.])\.[0-9]++)
        (?:{_SCALE}?(?:{_NOT_LATIN_NEXT}|{_CODE_NEXT})|{_UNIT_NEXT})(?:[%+€£¥₹$](?![0-9]))?
    )
  | (?P<email>[\w.+-]{{1,64}}+@[\w-]{{1,64}}+(?:\.[\w-]{{1,64}}+)+)
  | (?P<link>https?://[!-~]+)
  | (?P<acronym>(?:[a-z]\.){{2,}}(?![^\W{_CJK}]))
  | (?P<clitic>'(?:s|m|re|ve|ll|d)(?![\w']))
  | (?P<rank>(?:top|bottom|best|worst)(?=[0-9]{{1,3}}{_NOT_LATIN_NEXT}))
  | (?P<word>{_LETTER}+(?:[-.&']{_LETTER}+)*)
  | (?P<cjk>[{_CJK}])
  | (?P<symbol>>=|<=|!=|==|->|=>|\S)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SCRIPTS: dict[str, Script] = {
    "date": "number", "time": "number", "ordinal": "number", "number": "number",
    "cjk": "cjk", "symbol": "symbol",
}  # fmt: skip
_CLITIC = re.compile(r"(?:'(?:s|m|re|ve|ll|d)|n't)\Z")
_WHOLE_WORDS = {"ca": "can", "wo": "will", "sha": "shall"}
_GLUED_SENTENCES = re.compile(r"(?<=[a-z]{2})\.(?=[A-Z][a-z])")
_QUOTES = str.maketrans("‘’‚‛′´`“”„‟″‐‑‒−﹣", "'''''''\"\"\"\"\"-----")
_DROPPED = str.maketrans(dict.fromkeys("™℠®©", " "))
_FRACTIONS = {"¼": ".25", "½": ".5", "¾": ".75"}
_FRACTION = re.compile(r"(?:([0-9])\s?)?([¼½¾])")
_PLAIN = re.compile(r"[ -~]*\Z")


def normalise(text: str) -> str:
    """NFKC, straight quotes and hyphens, half-width, no control, zero-width or bidirectional characters.

    Example: "Ｄｅａｌｓ “won” — 6½K" becomes 'Deals "won" — 6.5K'. Case is kept.
    """
    if _PLAIN.match(text):
        return text.replace("`", "'")
    text = _FRACTION.sub(lambda m: (m[1] or "0") + _FRACTIONS[m[2]], text)
    text = text.translate(_DROPPED).translate(_QUOTES)
    text = unicodedata.normalize("NFKC", "".join(map(_visible, text)))
    return text.translate(_QUOTES)


def simplify(text: str) -> str:
    """Traditional Chinese as simplified, character by character, so that offsets hold."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its dictionary to the garbage collector
        from zhconv import convert

        simple = str(convert(text, "zh-hans"))
    return simple if len(simple) == len(text) else text


def tokenize(text: str) -> Tokens:
    """Cut a request into tokens; the text is normalised first. Never raises.

    Numbers keep their currency sign, scale, percent and plus ("$400K", "100+", "6,500"); dates and times in
    digits are one token; a word keeps inner - . & ' but gives off "'s", "n't", "'ll"; a Chinese character is
    one token.
    """
    clean = normalise(text)
    lowered = _lower(clean)
    return tuple(_tokens(clean, lowered))


def split_hyphens(tokens: Sequence[Token]) -> tuple[Part, ...]:
    """Break hyphenated words into parts, so that a grammar can read "twenty-five" or "March-June"."""
    parts: list[Part] = []
    for index, token in enumerate(tokens):
        if token.script != "latin" or "-" not in token.text:
            parts.append(Part(token.text, token.raw, index, token.script, True, True))
            continue
        words, raws = token.text.split("-"), token.raw.split("-")
        last = len(words) - 1
        for k, word in enumerate(words):
            script: Script = "number" if word.isdigit() else "latin"
            parts.append(Part(word, raws[k] if k < len(raws) else word, index, script, k == 0, k == last))
    return tuple(parts)


def _visible(char: str) -> str:
    if char.isspace():
        return " "
    if "\ufe00" <= char <= "\ufe0f" or unicodedata.category(char) in ("Cc", "Cf", "Cs"):
        return ""
    return char


def _lower(text: str) -> str:
    """Lower case of the same length, so that offsets hold ("İ".lower() has two characters)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def _tokens(clean: str, lowered: str) -> Iterator[Token]:
    quote_open = False
    previous_end, previous_text = -1, ""
    for match in _TOKEN.finditer(clean):
        kind = match.lastgroup or "symbol"
        start, end = match.span()
        if kind == "word":
            for token in _word_tokens(clean, lowered, start, end):
                yield token
                previous_text = token.text
        elif lowered[start:end] == "'" and not quote_open and start == previous_end and previous_text.endswith("s"):
            yield Token("'s", "'", start, end, "latin")
        else:
            previous_text = lowered[start:end]
            quote_open ^= previous_text == "'"
            yield Token(previous_text, clean[start:end], start, end, _SCRIPTS.get(kind, "latin"))
        previous_end = end


def _word_tokens(clean: str, lowered: str, start: int, end: int) -> Iterator[Token]:
    """A word without its clitic, then the clitic; two words where a full stop lacks its space."""
    for cut in _GLUED_SENTENCES.finditer(clean, start, end):
        yield from _word_tokens(clean, lowered, start, cut.start())
        yield Token(".", ".", cut.start(), cut.end(), "symbol")
        start = cut.end()
    clitic = _CLITIC.search(lowered[max(start, end - 4) : end])
    cut_at = end - len(clitic[0]) if clitic else end
    if cut_at <= start:
        cut_at = end
    body = lowered[start:cut_at]
    negated = cut_at < end and lowered[end - 3 : end] == "n't"
    yield Token(_WHOLE_WORDS.get(body, body) if negated else body, clean[start:cut_at], start, cut_at, "latin")
    if cut_at < end:
        yield Token(lowered[cut_at:end], clean[cut_at:end], cut_at, end, "latin")
