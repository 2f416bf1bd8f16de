"""A message that says what a word means, as in "by key account I mean accounts with revenue over 1m".

It is told how that was read and which command confirms it. Nothing is stored by words in a chat.
"""

import re
import shlex

import prompts
from copilot.context import Lang
from copilot.offline.meaning import MeaningReader
from copilot.offline.plan import Cannot, Say
from copilot.refusals import translate
from crm_core.errors import Invalid

_FORMS = (
    re.compile(r"(?:by|with|when (?:i|we) say)\s+(?P<word>.+?),?\s+(?:i|we)\s+mean\s+(?P<meaning>.+)", re.I),
    re.compile(r"(?:(?:for us|here),?\s+)?(?P<word>.+?)\s+(?:means|stands for|is short for)\s+(?P<meaning>.+)", re.I),
    re.compile(r"(?P<word>.+?)(?:的意思就?是|就?是指|指的就?是|意思是)[:：]?\s*(?P<meaning>.+)"),
)
_QUOTES = "\"'“”‘’「」 ,，"
_MOST_WORDS = 4
_ARTICLE = re.compile(r"(?:an?|the|our|a deal that is)\s+", re.I)
_POINTS = re.compile(
    r"(?:that|this|it|which|what|who|whose|how|he|she|they|you|i|we|there|no|yes|so|does|do|if)\b|[这那它你我他她哪什谁]",
    re.I,
)


def taught_in(text: str) -> tuple[str, str] | None:
    """The word and what it is said to mean; None for any other message."""
    plain = text.strip().rstrip(".。!！ ")
    if plain.endswith(("?", "？")):
        return None
    found = next((match for form in _FORMS if (match := form.fullmatch(plain))), None)
    if found is None:
        return None
    word = _ARTICLE.sub("", found["word"].strip(_QUOTES), count=1).strip(_QUOTES)
    if not word or len(word.split()) > _MOST_WORDS or len(word) > 40 or _POINTS.match(word):
        return None
    return word, found["meaning"].strip(_QUOTES)


def answer_teaching(reader: MeaningReader, word: str, meaning: str, *, lang: Lang) -> Say | Cannot:
    """How it would be read, and the command that confirms it; or why it cannot be read."""
    try:
        read = reader.read(word, meaning)
    except Invalid as error:
        return Cannot(translate(error, lang))
    command = f"farley lexicon accept {shlex.quote(word.lower())} {shlex.quote(meaning)}"
    text = prompts.load_yaml("planner")[lang]["would_mean"]
    return Say(prompts.fill(text, word=word, meaning=read.told, command=command))
