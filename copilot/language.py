"""The words that come in: clean them, tell their language and their length."""

import re

from copilot.context import Lang

MAX_CHARACTERS = 4_000
CHARACTERS_A_TOKEN = 4  # of a model; a Chinese character is one by itself
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")


def language_of(text: str) -> Lang:
    """Chinese where there is a Chinese character, English otherwise."""
    return "zh" if _CJK.search(text) else "en"


def clean(text: str) -> str:
    """`text` without what breaks stores and logs: control characters become spaces, lone surrogates U+FFFD."""
    return _CONTROL.sub(" ", without_surrogates(text)).strip()


def without_surrogates(text: str) -> str:
    """`text` with U+FFFD for halves of characters, which no store and no vendor takes."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def count_tokens(text: str) -> int:
    """About as many tokens as a vendor counts, for those that count nothing."""
    chinese = len(_CJK.findall(text))
    return chinese + (len(text) - chinese) // CHARACTERS_A_TOKEN
