"""A question that was offered in the place of another one, and picked: it is asked as if it had been the first."""

import shlex
from collections.abc import Sequence
from dataclasses import replace

import prompts
from copilot.context import Lang
from copilot.offline.numbers import find_numbers
from copilot.offline.plan import PastTurn, Plan, Query, Reworded
from copilot.offline.tokens import tokenize

_BESIDE_PLACE = frozenset({"the", "one", "option", "please", "个", "家", "位", "那", "选", "吧"})


def settle_picks(text: str, dialogue: Sequence[PastTurn]) -> tuple[str, tuple[PastTurn, ...], Reworded | None]:
    """The message and the turns before it, without the turns in whose place a question was picked.

    Gives the text of the question where the message picks one, the other turns, and what it picked.
    """
    kept: list[PastTurn] = []
    for turn in dialogue:
        put = _picked(turn.text, kept)
        if put is not None:
            kept.pop()
        kept.append(replace(turn, text=put.text) if put is not None else turn)
    put = _picked(text, kept)
    return (text, tuple(kept), None) if put is None else (put.text, tuple(kept[:-1]), put)


def _picked(text: str, before: Sequence[PastTurn]) -> Reworded | None:
    """Which of the questions that the turn before it offered the message picks, by its words or its number."""
    offered = before[-1].reworded if before else ()
    said = picked(text, PastTurn("", options=tuple(one.text for one in offered)), by_words=False) if offered else text
    return next((one for one in offered if one.text == said.strip()), None)


def teach(plan: Plan, put: Reworded | None, *, lang: Lang) -> Plan:
    """The answer, with how a word that a known one was put for is taught for good."""
    if put is None or put.meaning is None or put.word is None or not isinstance(plan, Query):
        return plan
    command = f"farley lexicon accept {shlex.quote(put.word.lower())} {shlex.quote(put.meaning)}"
    note = prompts.fill(prompts.load_yaml("planner")[lang]["teach_word"], word=put.word, command=command)
    return replace(plan, notes=(*plan.notes, note))


def picked(text: str, last: PastTurn | None, *, by_words: bool = True) -> str:
    """The option of a question back that a bare number picks, "the second one", or words of its own."""
    if last is None or not last.options:
        return text
    number = text.strip().rstrip(".)").lstrip("#(")
    place = int(number) if number.isascii() and number.isdigit() else _place_said(text)
    said = place if 0 < place <= len(last.options) else by_words and _only_fit(text, last.options)
    return last.options[said - 1] if said else text


def _only_fit(text: str, options: Sequence[str]) -> int:
    """As in "the aviation one", of "Kestrel Aviation" and "Kestrel Robotics": its place; 0 where not just one fits."""
    said = {token.text for token in tokenize(text.strip(" .!?。！？").lower())} - _BESIDE_PLACE
    words = [{token.text for token in tokenize(option.lower())} for option in options]
    fits = [place for place, held in enumerate(words, 1) if said and said <= held]
    return fits[0] if len(fits) == 1 and all(word.isalpha() for word in said) else 0


def _place_said(text: str) -> int:
    """As in "the second one", 第二个: the place, where nothing else is said; 0: none."""
    tokens = tokenize(text.strip(" .!?。！？").lower())
    places = [number for number in find_numbers(tokens) if number.is_ordinal]
    said = {token.text for number in places for token in tokens[number.start : number.end]}
    alone = {token.text for token in tokens} - said <= _BESIDE_PLACE
    return int(places[0].value) if len(places) == 1 and alone else 0
