"""What a mail itself says, apart from the mails quoted under it and from the signature.

quotequail knows how mail programs of many languages begin a quotation; Chinese ones, the blocks of Outlook and
signatures are known here. A line is taken away only where it stands in such a frame: what is doubtful stays.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import quotequail

from crm_core.transfer.mail.words import any_of, words

_LONGEST = 400  # characters of a line that begins a quotation
_MOST_LINES, _MOST_TRIES = 20_000, 500  # after which no quotation is looked for any more
_MOST_UNDER = 12  # lines of a signature
_SHORT = 100  # characters of such a line
_DASHES = re.compile(r"--|—|––|[-_—]{5,}")
_ENDS = re.compile(r"[:>)_-]$")  # of a line that may introduce a quotation
_BROKEN = re.compile(r"^.{60,}[^\s.?!:。？！：]\s*$")
_SENTENCE = re.compile(r"[.?!。？！]$")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NAME = re.compile(r"[^\d@:/]{1,40}")


class Split(NamedTuple):
    """`said`: what the mail says. `rest`: the quoted mails and the signature, as they stood."""

    said: str
    rest: str


def split_mail(text: str) -> Split:
    """Take the text of a mail apart. What is passed on, and a mail that is nothing but quotation, is said whole."""
    lines = text.split("\n")
    is_kept = _unquoted(lines)
    if not _has_words(lines, is_kept):
        is_kept = [True] * len(lines)
    else:
        _drop_signature(lines, is_kept)
    said = "\n".join(line for line, keeps in zip(lines, is_kept, strict=True) if keeps)
    rest = "\n".join(line for line, keeps in zip(lines, is_kept, strict=True) if not keeps)
    return Split(re.sub(r"\n{3,}", "\n\n", said).strip(), rest.strip())


def _unquoted(lines: Sequence[str]) -> list[bool]:
    """For each line, whether it stands outside of quotations."""
    is_kept = [not line.lstrip().startswith(">") for line in lines]
    for i in range(1, len(lines) - 1):  # the rest of a quoted line that was broken on its way
        if is_kept[i] and not is_kept[i + 1] and not is_kept[i - 1] and _BROKEN.search(lines[i - 1]):
            is_kept[i] = not lines[i].strip()
    begins, ends = _history(lines)
    if begins == ends:
        return is_kept
    if _is_passed_on(lines[begins:ends]):
        return [True] * len(lines)
    after = next((i for i in range(ends, len(lines)) if lines[i].strip()), len(lines))
    is_marked = after < len(lines) and not is_kept[after]  # each quoted line has a mark, so answers between them stay
    last = ends if is_marked else len(lines)
    return [keeps and not begins <= i < last for i, keeps in enumerate(is_kept)]


def _history(lines: Sequence[str]) -> tuple[int, int]:
    """Where the introduction of the first quotation begins and ends; twice the same where there is none."""
    short = [line[:_LONGEST].strip() for line in lines]
    tries = _MOST_TRIES
    for i in range(min(len(short), _MOST_LINES)):
        known = _introduction(short, i)
        if known:
            return i, i + known
        if tries and _ENDS.search(short[i]):
            tries -= 1
            found = _foreign_introduction(short[max(0, i - 1) : i + 1])
            if found:
                return i + 1 - found, i + 1
    return 0, 0


def _foreign_introduction(lines: Sequence[str]) -> int:
    """How many of the last of `lines`, two at most, introduce a quotation in a language that quotequail knows."""
    parts = quotequail.quote("\n".join(lines), limit=len(lines) + 1, quote_intro_line=True)
    return parts[1][1].count("\n") + 1 if len(parts) == 2 else 0


def _introduction(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` on introduce a quotation."""
    line = lines[at]
    if line.startswith(">"):
        bare = line.lstrip("> ")  # what is passed on may be marked as quoted
        return int(bool(_between_dashes().fullmatch(bare)) and _is_passed_on([bare]))
    if not line:
        return 0
    if _between_dashes().fullmatch(line):
        return 1
    if _label().match(line):
        return _labels(lines, at)
    for n in (1, 2, 3) if _wrote_begins().match(line) else (1,):
        joined = " ".join(lines[at : at + n])
        if _wrote().fullmatch(joined):
            return n
    return 0


def _labels(lines: Sequence[str], at: int) -> int:
    """The lines of a header block that begins at `at`: at least three labels, one of them the sender."""
    seen: list[str] = []
    end = at
    for i in range(at, min(at + 12, len(lines))):
        found = _label().match(lines[i])
        if found:
            seen.append(str(found.lastgroup))
            end = i + 1
        elif not lines[i] or i > end:  # one more line may belong to a long list of people
            break
    return end - at if len(set(seen)) >= 3 and "from" in seen else 0


def _is_passed_on(introduction: Sequence[str]) -> bool:
    return any(_passed_on().search(line[:_LONGEST]) for line in introduction)


def _has_words(lines: Sequence[str], is_kept: Sequence[bool]) -> bool:
    return any(keeps and re.search(r"\w", line) for line, keeps in zip(lines, is_kept, strict=True))


def _drop_signature(lines: Sequence[str], is_kept: list[bool]) -> None:
    """Mark the lines of the signature as not kept, unless nothing else would be left."""
    for find in (_sent_from, _under_dashes, _under_closing):
        left = [i for i, keeps in enumerate(is_kept) if keeps and lines[i].strip()]
        begins = find([lines[i].strip() for i in left])
        if begins:
            for i in range(left[begins] if begins < len(left) else len(lines), len(lines)):
                is_kept[i] = False


def _sent_from(lines: Sequence[str]) -> int:
    """Where the line of a telephone begins, among the last ones; 0: nowhere."""
    first = max(1, len(lines) - 3)
    found = (i for i in range(first, len(lines)) if len(lines[i]) <= _SHORT and _from_phone().match(lines[i]))
    return next((i for i in found if all(map(_is_signature, lines[i + 1 :]))), 0)


def _under_dashes(lines: Sequence[str]) -> int:
    first = max(1, len(lines) - _MOST_UNDER - 1)
    found = (i for i in range(first, len(lines)) if _DASHES.fullmatch(lines[i]))
    return next((i for i in found if all(map(_is_signature, lines[i + 1 :]))), 0)


def _under_closing(lines: Sequence[str]) -> int:
    """Where what follows a closing and a name begins; both stay, they are how the person writes."""
    for i in range(max(1, len(lines) - _MOST_UNDER), len(lines)):
        plain = re.sub(r"[\s,.!，。！~]+$", "", lines[i].lower())
        if plain in words()["closings"]:
            after = i + 1
            while after < len(lines) and re.sub(r"\W+$", "", lines[after].lower()) in words()["closings"]:
                after += 1
            has_name = after < len(lines) and _NAME.fullmatch(lines[after])
            begins = after + 1 if has_name else after
            return begins if all(map(_is_signature, lines[begins:])) else 0
    return 0


def _is_signature(line: str) -> bool:
    """Whether a line under somebody's name is of the kind that stands under each of their mails."""
    if _disclaimer().search(line):
        return True
    is_sentence = bool(_SENTENCE.search(line)) and len(line.split()) + len(_HAN.findall(line)) > 5
    return len(line) <= _SHORT and not is_sentence and not _postscript().match(line)


@cache
def _disclaimer() -> re.Pattern[str]:
    return re.compile(any_of(words()["disclaimers"]), re.IGNORECASE)


@cache
def _postscript() -> re.Pattern[str]:
    return re.compile(rf"{any_of(words()['postscripts'])}\W", re.IGNORECASE)


@cache
def _between_dashes() -> re.Pattern[str]:
    said = any_of([*words()["answered"], *words()["passed_on"]])
    gap = r"(?:\s|&nbsp;)*"
    return re.compile(
        rf"[-_=*]{{3,}}{gap}{said}{gap}[-_=*]{{3,}}|{any_of(words()['begins_passed_on'])}\s*[:：]", re.IGNORECASE
    )


@cache
def _passed_on() -> re.Pattern[str]:
    return re.compile(any_of([*words()["passed_on"], *words()["begins_passed_on"]]), re.IGNORECASE)


@cache
def _label() -> re.Pattern[str]:
    kinds = "|".join(f"(?P<{kind}>{any_of(labels)})" for kind, labels in words()["labels"].items())
    return re.compile(rf"[*\s]*(?:{kinds})\s*[*]*\s*[:：]", re.IGNORECASE)


@cache
def _wrote() -> re.Pattern[str]:
    return re.compile(rf"(?=.*[\d@]).{{1,350}}{any_of(words()['wrote'])}\s*[:：]", re.IGNORECASE)


@cache
def _wrote_begins() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of(words()['wrote_begins'])}\b|[\"“]?\d|在|于|於)", re.IGNORECASE)


@cache
def _from_phone() -> re.Pattern[str]:
    return re.compile(any_of(words()["sent_from"]), re.IGNORECASE)
