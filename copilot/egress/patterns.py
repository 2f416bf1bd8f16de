"""Email addresses and phone numbers as they stand in free text, known to the store or not."""

import re
from collections.abc import Container, Iterator

_SPACELESS = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff01-\uff1f\uff21-\uff60"
_WORDY = rf"(?:(?![{_SPACELESS}])[\w.+%'’-])"
_HOST = rf"(?:(?![{_SPACELESS}])[\w-])++"
_RUN = re.compile(
    rf"{_WORDY}++( ?[@＠] ?{_HOST}(?:\.{_HOST})++)?"
)  # gives nothing back: a note may be one endless word

_NUMBER = re.compile(
    r"(?<![\dA-Za-z_.,$€£¥₹₩])(?:\+|\(\+?(?=\d{1,5}\)))?\d(?:[^\S\n]|[().\-/\u2010-\u2015]|\d){4,24}\d(?![\d%])"
)
_DAY = re.compile(r"(?<!\d)(?:(?:19|20)\d\d([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2(?:19|20)\d\d)(?!\d)")
_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?:[-/](?:\d\d|\d{4}))?(?!\d)")
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}|1?[2-9]\d\d[2-9]\d{6}")  # of China, and of North America
_THOUSANDS = re.compile(r"\d{1,3}(?:([ .\u00a0\u202f])\d{3})(?:\1\d{3})*")
SHORTEST, LONGEST = 7, 15  # digits, after E.164


def digits_of(text: str) -> str:
    """The digits of a number, without the zeros or the plus that it begins with."""
    return re.sub(r"\D", "", text).lstrip("0")


def emails_in(text: str) -> Iterator[re.Match[str]]:
    """Where an address stands. Every run of letters is read once, so the time grows with the text and no faster."""
    return (found for found in _RUN.finditer(text) if found[1])


def without_emails(text: str, instead: str) -> str:
    """`text` with `instead` where an address stood."""
    return _RUN.sub(lambda found: instead if found[1] else found[0], text)


def is_email(text: str) -> bool:
    """Whether the text is an address and nothing else."""
    found = _RUN.fullmatch(text)
    return found is not None and found[1] is not None


def phones_in(text: str, known: Container[str]) -> Iterator[re.Match[str]]:
    """Where a phone number stands: one that the store knows, or what is written like one and is no day or amount.

    Args:
        text: to look through.
        known: digits of numbers, as `digits_of` gives them.
    """
    return (found for found in _NUMBER.finditer(text) if digits_of(found[0]) in known or _is_phone(found))


def _is_phone(found: re.Match[str]) -> bool:
    written = found[0]
    digits = re.sub(r"\D", "", written)
    if not SHORTEST <= len(digits) <= LONGEST:
        return False
    if "+" in written or digits.startswith("00"):
        return True
    if digits == written:
        followed = found.string[found.end() : found.end() + 1]
        return bool(_MOBILE.fullmatch(digits)) and not (followed.isascii() and followed.isalpha())
    rest = _YEARS.sub("", _DAY.sub("", written))
    if len(re.sub(r"\D", "", rest)) < SHORTEST or re.fullmatch(r"\d+\.\d+", written) or _THOUSANDS.fullmatch(written):
        return False
    groups = re.findall(r"\d+", rest)
    return digits.startswith("0") or max(map(len, groups)) >= 3
