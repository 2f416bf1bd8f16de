"""Rules for what is said rather than written: "how did it move", "does he win more than half", "both numbers"."""

from dataclasses import replace

import prompts
from copilot.offline.compose.composer import Composer
from copilot.offline.compose.reading import Target
from copilot.offline.tags import Sense, T

_REP = Sense(T.ENTITY, "rep")
_ASKED = frozenset({"exists", "what", "list"})


def went(c: Composer) -> None:
    """As in "how did our win rate move each month", "how has the North gone quarter by quarter": period by period."""
    how = next((at for at, item, _ in c.each(T.ASK) if item.tag.text.lower().startswith("how ")), None)
    if how is None or not c.mentions(T.BUCKET) or not c.mentions(T.METRIC):
        return
    going = prompts.load_yaml("lexicon/small_words")["going"]
    for at in range(how + 1, len(c.items)):
        if not c.items[at].owned and c.items[at].tag.text.lower() in going:
            c.own(at)


def people_who(c: Composer) -> None:
    """As in "$ per rep, just the people who won something": those that the groups are made of, and no headcount."""
    behind = [c.items[at + 1] for at, _, _ in c.each(T.BY) if c.item(at + 1)]
    reps = any(sense.value == "rep" for item in behind for sense in item.all(T.ENTITY))
    for at, item in enumerate(c.items[:-1]):
        people = any(s.value == "contact" for s in item.all(T.ENTITY)) and item.get(T.FIELD)
        if reps and people and c.has(at + 1, T.ASK, "who"):
            item.tag = item.tag.only(_REP)


def both_sides(c: Composer) -> None:
    """As in "who is ahead, Anna or Ben? give me both", "I need both numbers": the two that are named, with figures."""
    r = c.reading
    contrast, target = r.contrast, r.target
    asks_who = target is not None and target.ask in ("who", "which")
    if contrast is not None and contrast.sign is None and asks_who and not r.records and not r.fields:
        sides = (contrast.left, contrast.right)
        if all(side.kinds == frozenset({"records"}) for side in sides):
            r.records = [test for side in sides for test in side.records]
            r.contrast, r.target, r.side_by_side = None, None, True
    if not (r.side_by_side or r.contrast):
        return
    for at, _, _ in list(c.each(T.COMPARATIVE)):
        if c.has(at, T.COMPARATIVE, "both"):
            noun = c.item(at + 1)
            figures = noun is not None and noun.tag.text.lower() in prompts.load_yaml("lexicon/small_words")["figures"]
            c.own(at, *([at + 1] if figures else []))


def the_figure(c: Composer) -> None:
    """As in "does Mira really win more than half? What is the figure?": the figure itself says whether it is so."""
    r = c.reading
    tests = [test for test in r.having if test.subject is not None]
    one = [test for test in r.records if not test.negated]
    plain = not (r.measures or r.groups or r.sup or r.target or r.share or r.columns or r.fields)
    if len(tests) == len(r.having) == 1 and len(one) == 1 and plain and set(r.asks) <= _ASKED:
        r.measures, r.having = [tests[0].subject], []  # type: ignore[list-item]
        is_rate = r.measures[0].metric in ("win_rate", "loss_rate")
        r.states = [] if is_rate else r.states  # a rate is of those that ended either way


def teams_of_both(c: Composer) -> None:
    """As in "my teams total", "compare Anna and Ben: what has each of the two teams sold": whose team is meant."""
    named = [k for k, test in enumerate(c.reading.records) if test.entity == "user" and not test.reference]
    for at, item, _ in list(c.each(T.FIELD)):
        if item.tag.text.lower() != "teams" or "user.team" not in c.fields_at(at):
            continue
        if c.has(at - 1, T.MINE, "mine") and c.sense(at + 1, T.METRIC, T.AGG) is not None:
            c.reading.mine = "team"
            c.own(at - 1, at)
        elif len(named) > 1 and (c.has(at - 1, T.NUMBER) or c.has(at - 1, T.COMPARATIVE, "both")):
            for k in named:
                c.reading.records[k] = replace(c.reading.records[k], reference="user.manager")
            c.own(at - 1, at, *([at - 2] if c.has(at - 2, T.BY) else []))


def kept_in_stage(c: Composer) -> None:
    """As in "what does Zoe have in prospecting", "what has she got stuck there": the deals."""
    r = c.reading
    kinds = sorted(test.entity for test in r.records if not test.negated)
    free = not (r.target or r.measures or r.columns or r.groups or r.sup or r.having or r.share)
    if free and kinds == ["stage", "user"] and r.asks == ["what"]:
        r.target = Target("deal", "list")


def between_two(c: Composer) -> None:
    """As in "between Anna and Ben, who won more?": the two are named, and nothing lies between them."""
    named = [c.sense(at, T.RECORD, T.VALUE) is not None for at in (1, 3)]
    asked = any(c.has(at, T.ASK, "who", "which") for at in range(4, len(c.items)))
    if c.items and c.items[0].tag.text.lower() == "between" and all(named) and c.sense(2, T.AND, T.FOLLOW) and asked:
        c.own(0)


def marks(c: Composer) -> None:
    """As in "crossed the fifty thousand dollar mark": the number says it all."""
    words = prompts.load_yaml("lexicon/small_words")["mark"]
    for at, item in enumerate(c.items):
        if not item.owned and item.tag.text.lower() in words and c.sense(at - 1, T.NUMBER) is not None:
            c.own(at)
