"""Who is to do it: "give Versie a task", "remind Grant", "a task for Anna", 让李思远…, "give her a task"."""

from copilot.offline.plan import Clarify
from copilot.offline.tags import T
from copilot.offline.writing.context import Saying
from copilot.offline.writing.making.before import Before
from copilot.offline.writing.making.errand import Errand, starts
from copilot.offline.writing.making.parties import names_of, which
from copilot.offline.writing.making.scan import Scan

_REACH = 8  # words between "task" and "for Anna"
_VERBS = ("give", "ask", "remind")


def take_owner(errand: Errand, saying: Saying, before: Before) -> Clarify | None:
    """Read who is asked; nobody said: the speaker, whom the draft fills in."""
    text = errand.text
    for at in range(len(text.tokens)):
        if at in errand.frame or not _is_seat(errand, at):
            continue
        if names_of(text.tag(at), "user"):
            return _take_named(errand, at)
        if text.at(at, "mine"):
            _take(errand, at, at + 1)
            return None
        if text.at(at, "her") and text.upto(at, *_VERBS, "seat") and not _is_served(errand, at):
            return _take_pointed(errand, at, saying, before)
    return None


def _is_seat(errand: Errand, at: int) -> bool:
    """Whether the one named here is asked: after "remind", "give", 让, "task for", or before "to" at the start."""
    text = errand.text
    if names_of(text.tag(at), "user"):
        end = text.tag(at).end
        does = text.at(end, "will") is not None or (at == 0 and text.is_colon(end)) or _is_set_off(text, at, end)
        if does and all(
            text.within(i, "steps", "task", "polite", "due") or text.tag(i).type in (T.PUNCT, T.DATE) for i in range(at)
        ):
            return True
    end = text.tag(at).end
    if text.upto(at, "begin") and names_of(text.tag(at), "user") and text.said("task", start=end, end=end + 2):
        return True  # "set Anna a task"
    verb = text.upto(at, *_VERBS)
    if verb is not None and (verb.start in errand.frame or starts(text, verb.start) or text.is_chinese):
        return True
    seat = text.upto(at, "seat")
    if seat is None:
        return False
    near = any(i in errand.frame for i in range(max(0, at - _REACH), at))
    person = bool(names_of(text.tag(at), "user")) or text.at(at, "mine", "her") is not None
    return text.is_chinese or (person and near)


def _is_served(errand: Errand, at: int) -> bool:
    """As in 发给他们, 提醒我给他们开票: who gets it does not do it."""
    text = errand.text
    mine = any(text.within(i, "mine") for i in errand.frame)
    if text.is_chinese and mine and text.upto(at, "seat") is not None:
        return True
    give = text.upto(at, "give", "seat")
    return text.is_chinese and give is not None and text.upto(give.start, "act") is not None


def _is_set_off(text: Scan, at: int, end: int) -> bool:
    """As in "Task: Owen Castellano - chase …"; in Chinese before what is to be done."""
    after_noun = at > 0 and text.is_stop(at - 1) and text.upto(at - 1, "task", "steps") is not None
    return (after_noun and end < len(text.tokens) and text.is_stop(end)) or (
        text.is_chinese and text.at(end, "act") is not None
    )


def _take_named(errand: Errand, at: int) -> Clarify | None:
    text, tag = errand.text, errand.text.tag(at)
    one = which(text, tag, names_of(tag, "user"))
    if isinstance(one, Clarify):
        return one
    errand.owners.append(one)
    _take(errand, tag.start, tag.end)
    end = tag.end
    while end + 1 < len(text.tokens) and text.tag(end).get(T.AND, T.PUNCT):  # "Hayden and Elease each"
        more = names_of(text.tag(end + 1), "user")
        if len(more) != 1:
            break
        errand.owners.append(more[0])
        errand.take(end, text.tag(end + 1).end)
        end = text.tag(end + 1).end
    each = text.at(end, "each")
    if each is not None:
        errand.take(each.start, each.end)
    return None


def _take_pointed(errand: Errand, at: int, saying: Saying, before: Before) -> Clarify | None:
    """Whom "her" means: the colleague last spoken of."""
    one = before.colleague(saying)
    if one is None:
        return Clarify(errand.text.say("unplaced", word=errand.text.cut(at, at + 1)))
    errand.owners.append(one)
    _take(errand, at, at + 1)
    return None


def _take(errand: Errand, start: int, end: int) -> None:
    """The one who is asked, with the verb or preposition before."""
    errand.take(start, end)
    verb = errand.text.upto(start, *_VERBS) or errand.text.upto(start, "with", "due", "seat")
    if verb is not None:
        errand.take(verb.start, verb.end)
