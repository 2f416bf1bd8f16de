"""A message that may be a wish to change something: what to propose, ask or say; None for a question."""

import re
from collections.abc import Sequence
from dataclasses import replace

from copilot.offline.lexicon import key
from copilot.offline.plan import Clarify, Plan, Propose, Say, Withdraw
from copilot.offline.tags import T, Tag
from copilot.offline.writing import changing, making
from copilot.offline.writing.clashing_days import ask_which_day, settled
from copilot.offline.writing.consent import Consents, read_consents, strikes_somebody
from copilot.offline.writing.contacts import read_person
from copilot.offline.writing.context import Found, Saying
from copilot.offline.writing.correcting import corrected
from copilot.offline.writing.free_text import beside, read_free_text
from copilot.offline.writing.local_names import with_local_names
from copilot.offline.writing.no_field import no_such_field
from copilot.offline.writing.parts import measures, said, wishes
from copilot.offline.writing.shown import with_shown_rows
from copilot.offline.writing.telling import tell
from copilot.offline.writing.todos import read_todo
from copilot.offline.writing.wishes import begins_with, is_question, names_a_set, says_only, tells_over_time
from copilot.offline.writing.words import VERBS, small
from crm_core.changes.steps import Step

_FIGURE = re.compile(r"(?<![\w-])\d+(?:\.\d+)?")
_LEAST = 100


def plan_change(text: str, saying: Saying) -> Plan | None:
    """What a wish to change something comes to; None where the message is a question."""
    text = settled(text, saying) if saying.chosen is not None else text
    plan = _planned(text, saying)
    asked = ask_which_day(text, plan.steps, saying) if isinstance(plan, Propose) else None
    return asked or plan


def _planned(text: str, saying: Saying) -> Plan | None:
    picked = _picked(text, saying)
    if picked is not None:
        last = saying.dialogue[-1]
        return plan_change(last.text, replace(saying, dialogue=saying.dialogue[:-1], chosen=picked))
    saying = with_shown_rows(with_local_names(saying, text))
    prepared, tags = saying.cover(text)
    lang = "zh" if any(token.script == "cjk" for token in prepared.tokens) else "en"
    if begins_with(tags, "undone") and not any(turn.proposal for turn in saying.dialogue):
        return Say(tell("undo", lang))
    is_block = making.is_block(text, saying)
    free = _in_free_words(text, saying, lang)
    if free is not None:
        return free
    asked = text.rstrip().endswith(("?", "？")) and not any(wishes(tag, "new") for tag in tags)
    told = is_block or making.is_told(text, saying) or strikes_somebody(text, saying)
    if asked and not is_block and not changing.orders(tags, saying):
        return None
    orders = changing.orders(tags, saying) or changing.orders_a_value(tags, saying)
    if not tags or ((not told or tells_over_time(tags)) and is_question(tags)):
        return None
    if not told and measures(tags) and not orders:
        return no_such_field(text, saying)
    is_set = names_a_set(tags)  # of "accounts assigned to Tom" the second word describes them
    ordered = any(wishes(tag, *VERBS) for tag in tags[2 * is_set :]) or (told and changing.orders(tags, saying))
    if not is_block and is_set and not ordered:
        return None
    notes = tuple(f"{typed} → {right}" for typed, right in prepared.repairs)
    if _narrows(tags, saying):
        return None
    plan = None if is_block else _early(text, tags, saying, lang)
    plan = plan or _wishes(text, saying, lang)
    if plan is None and _is_no_question(tags, saying):
        return Clarify(tell("what", lang))
    return _with_notes(plan, notes, text, saying, lang) if isinstance(plan, Propose) else plan


def _early(text: str, tags: Sequence[Tag], saying: Saying, lang: str) -> Plan | None:
    """A word about what waits, a field that is none, and what others only think; before anything is proposed."""
    told = _answer(tags, saying, lang) or corrected(tags, saying, lang)
    return told or no_such_field(text, saying) or _opinion(text, saying, lang)


def _with_notes(plan: Propose, notes: tuple[str, ...], text: str, saying: Saying, lang: str) -> Propose:
    """The proposal with what was repaired, and the clauses of a talk that are only logged."""
    logged = making.only_logged(text, saying, plan.steps)
    return replace(plan, notes=(*notes, *(tell("only_logged", lang, words=words) for words in logged)))


def _opinion(text: str, saying: Saying, lang: str) -> Clarify | None:
    """Asks about what others only think or would like, where nothing is to be logged."""
    if any(part.is_new for part in making.parts_of(text, saying)):
        return None
    found = changing.opinion_in(changing.pieces_of(saying.cover(text)[1], saying), saying)
    return Clarify(tell("opinion", lang, words=said(found.part.tags))) if found is not None else None


def _is_no_question(tags: Sequence[Tag], saying: Saying) -> bool:
    """Whether a message of which no change was understood orders one all the same, or speaks of a waiting proposal."""
    last = saying.dialogue[-1] if saying.dialogue else None
    if last is not None and last.proposal:
        return changing.corrects(tags, saying)
    if last is not None and last.spec is not None:
        return False
    return changing.orders_only(tags, saying) or changing.orders_a_value(tags, saying)


def _narrows(tags: Sequence[Tag], saying: Saying) -> bool:
    """Whether it takes somebody out of the answer just given: "remove Darcel", after a ranking."""
    shown = bool(saying.dialogue) and saying.dialogue[-1].spec is not None
    return shown and (changing.deletes_nothing_named(tags, saying) or _leaves_out(tags))


def _leaves_out(tags: Sequence[Tag]) -> bool:
    """As in 去掉总部在美国的: of what was shown, those that are like this; no field is emptied."""
    words = [tag for tag in tags if tag.type is not T.PUNCT]
    return len(words) > 1 and words[0].get(T.NEG, T.WISH) is not None and words[-1].text == "的"


def _picked(text: str, saying: Saying) -> str | None:
    """The option of the last question back that a message picks: itself, or the only one that holds its words."""
    asked = saying.dialogue[-1].options if saying.dialogue else ()
    if not asked or saying.chosen is not None:
        return None
    idle = small("polite") | small("determiner") | small("pointing")
    words = [word for word in key(text.lower().rstrip(".!。！")) if word not in idle]
    fits = [option for option in asked if words and set(words) <= {*key(option.lower())}]
    fits = fits or [option for option in asked if _has_number(option, text, saying)]
    return text if text in asked else fits[0] if len(fits) == 1 else None


def _has_number(option: str, text: str, saying: Saying) -> bool:
    """Whether the only number that is said stands in the option, however it is written: "the 36k one"."""
    numbers = [tag.senses[0].value.value for tag in saying.cover(text)[1] if tag.type is T.NUMBER]
    told = [float(figure) for figure in _FIGURE.findall(option)]
    return len(numbers) == 1 and numbers[0] >= _LEAST and float(numbers[0]) in told


def _answer(tags: Sequence[Tag], saying: Saying, lang: str) -> Plan | None:
    """A word about a waiting proposal: it is taken back, or somebody says yes to it."""
    last = saying.dialogue[-1] if saying.dialogue else None
    waiting = next((turn.proposal for turn in reversed(saying.dialogue) if turn.proposal), None)
    if says_only(tags, "withdraw") and last is not None and (waiting or last.spec is None):
        return Withdraw(waiting) if waiting else Say(tell("nothing_waits", lang))
    if waiting and says_only(tags, "approve") and last is not None and last.proposal:
        return Say(tell("approve", lang, id=waiting))
    return None


def _wishes(text: str, saying: Saying, lang: str, said: str = "") -> Plan | None:
    """What is to be made and changed, part by part, each in the light of those before; all of it or none.

    `said`: what the message says before this text.
    """
    consents = None if making.is_block(text, saying) else read_consents(text, saying)
    if consents is not None:
        return consents.ask or _beside(consents, saying, lang)
    whole = _known(text, saying) or changing.read_all(text, saying)
    parts = making.parts_of(text, saying)
    if isinstance(whole, tuple):
        return Propose(whole)
    if whole is not None and not any(part.is_new for part in parts):
        return whole
    steps: list[Step] = []
    for part in parts:
        before = making.Before(said, tuple(steps))
        found = _known(part.text, saying)
        if found is None:
            found = making.read(part.text, saying, before) if part.is_new else _changed(part.text, saying, before)
        unsaid = changing.unsaid_value(part.text, saying) if part.is_new and isinstance(found, tuple) else None
        if unsaid is not None:
            return Clarify(tell("which_value", lang, field=unsaid))
        if found is None and part.is_new:  # what was told in it is no record of its own
            found = changing.read(text, saying)
            return Propose(found) if isinstance(found, tuple) else found
        if found is None and steps:
            return Clarify(tell("what", lang))
        if not isinstance(found, tuple):
            return _as_story(text, saying, parts, before) or found
        steps += found
        said = f"{said} {part.text}".strip()
    return Propose(tuple(steps)) if steps else None


def _as_story(text: str, saying: Saying, parts: Sequence[making.Part], before: making.Before) -> Propose | None:
    """The whole as one talk, with what its story settles, where a part of it could not be read as a change."""
    if not any(part.is_new for part in parts) or before.text.strip() != parts[0].text.strip():
        return None
    found = making.read(text, saying, before)
    if not isinstance(found, tuple) or found[0].entity != "interaction":
        return None
    return Propose(found) if any(step.op == "update" for step in found) else None


def _in_free_words(text: str, saying: Saying, lang: str) -> Plan | None:
    """A field of free words that is told with its value, and what the message says besides."""
    ends = text.rstrip().endswith(("?", "？"))
    told, rest = (None, "") if ends or making.is_block(text, saying) else read_free_text(text, saying)
    if told is None:
        return None
    found = beside(told, _wishes(rest, saying, lang, text.removesuffix(rest)) if rest else None)
    return Propose(found) if isinstance(found, tuple) else found


def _beside(consents: Consents, saying: Saying, lang: str) -> Plan:
    """What people want of mails and calls, with what else the message says; that must be read as well."""
    if not consents.rest:
        return Propose(consents.steps)
    found = _wishes(consents.rest, saying, lang)
    if isinstance(found, Propose):
        return Propose((*found.steps, *consents.steps))
    return found or Clarify(tell("unplaced", lang, word=consents.rest))


def _whole(found: Found, text: str, saying: Saying) -> Found:
    """The facts of a text, where no number and no date of it is left over; else a question about that."""
    if not isinstance(found, tuple):
        return found
    said = [tag for tag in making.scan(text, saying).tags if tag.type in (T.NUMBER, T.DATE)]
    used = [value for step in found for value in step.set.values()]
    numbers = [value for value in used if isinstance(value, int | float)]
    dates = sum(name.endswith("_on") for step in found for name in step.set)
    loose = [tag for tag in said if tag.type is T.NUMBER and float(tag.senses[0].value.value) not in numbers]
    loose += [tag for tag in said if tag.type is T.DATE][dates:]
    lang = "en" if text.isascii() else "zh"
    return Clarify(tell("unplaced", lang, word=loose[0].text)) if loose else found


def _known(text: str, saying: Saying) -> Found:
    """The steps of a text that is about a contact or a task that is there."""
    seen = making.scan(text, saying)
    return read_person(seen, saying) or read_todo(seen, saying)


def _changed(text: str, saying: Saying, before: making.Before) -> Found:
    """The steps of a part that changes records; beside others it may as well only state what has become of them."""
    found = changing.read(before.told_in(text, saying), saying)
    if found is None:
        return _whole(making.facts(text, saying), text, saying)
    return tuple(step.model_copy(update={"quote": text}) for step in found) if isinstance(found, tuple) else found
