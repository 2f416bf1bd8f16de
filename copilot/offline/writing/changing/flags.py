"""Fields of yes and no: "mark Vantry as a key account", "the battery is a yes", "no longer a VIP", 取消 … 的 VIP."""

from copilot.offline.lexicon import key
from copilot.offline.tags import SILENT, T
from copilot.offline.writing.changing.fields import editable
from copilot.offline.writing.changing.settings import Desk
from copilot.offline.writing.words import small
from crm_core.models import Kind


def flags(desk: Desk) -> None:
    """Each such field that is said to hold or not to hold."""
    for at in range(len(desk.tags)):
        named = (
            [d for d in editable(desk, at) if desk.vocabulary.field(d).kind is Kind.BOOLEAN] if desk.free[at] else []
        )
        found = _on_or_off(desk, at) or _agreed(desk, at) or _answer(desk, at) or _told(desk, at) if named else None
        if found is not None:
            value, taken = found
            desk.set(named[0], value, at, *taken, sure=True)


def _on_or_off(desk: Desk, at: int) -> tuple[bool, list[int]] | None:
    """As in "is off | credit hold", "put them on the | credit hold", "take Vantry off | the watch list"."""
    k = at - 1 - desk.says(at - 1, "article", "determiner")
    words = desk.text(k).split() if k >= 0 else []
    while words and words[-1] in small("article") | small("determiner"):
        words.pop()  # "off the" may be one tag
    if not words or words[-1] not in ("on", "off"):
        return None
    told = k if len(words) > 1 and words[0] in small("copula") else desk.before(k)
    verb = desk.verb if desk.says(desk.verb, "puts_on") else None
    stated = (told == k or desk.is_copula(told)) and not desk.says((told or 0) - 1, "relative")
    if not stated and verb is None:
        return None
    taken = [place for place in (k, told if stated else None, verb) if place is not None]
    return words[-1] == "on", [*taken, *range(k + 1, at)]


def _agreed(desk: Desk, at: int) -> tuple[bool, list[int]] | None:
    """As in "yes to the | damage waiver"."""
    k = desk.before(at)
    words = desk.text(k)
    two = f"{desk.text((k or 0) - 1)} {words}" if k else words
    for text, taken in ((words, [k]), (two, [k, (k or 1) - 1])):
        if text in small("yes_to") | small("no_to"):
            return text in small("yes_to"), [place for place in taken if place is not None]
    return None


def needs(desk: Desk) -> None:
    """As in "they need an operator", "no operator needed": a field of yes and no that is called after the need."""
    wanted = [k for k in range(len(desk.tags)) if desk.free[k] and desk.says(k, "needs")]
    tells_which = desk.verb is not None or any(
        tag.type is T.ENTITY or desk.says(k, "relative") for k, tag in enumerate(desk.tags)
    )
    if tells_which or not wanted:
        return  # "mark the deals | that need an operator | as lost"
    texts = [{_stem(word) for word in key(desk.text(k))} for k in range(len(desk.tags))]
    for field in desk.vocabulary.schema.entities["deal"].fields.values():
        label = {_stem(word) for word in key(field.words[0].lower())} if field.words else set()
        what = label - {_stem(word) for word in small("needs")}
        if field.kind is not Kind.BOOLEAN or not field.edit or what == label or not what:
            continue
        held = [k for k, words in enumerate(texts) if words & what and desk.free[k]]
        if held and what <= set().union(*(texts[k] for k in held)):
            denied = [k for k in range(len(desk.tags)) if desk.tags[k].type is T.NEG]
            desk.set(f"deal.{field.name}", not denied, *wanted, *held, *denied)


def _stem(word: str) -> str:
    return word.removesuffix("ed").removesuffix("s")


def _answer(desk: Desk, at: int) -> tuple[bool, list[int]] | None:
    """The yes or no behind it, with the words up to there: "VIP flag off", "battery is a yes", "VIP of X to no"."""
    taken: list[int] = []
    for k in range(at + 1, len(desk.tags)):
        last = desk.text(k).split(" ")[-1]
        if last in small("yes") | small("no"):
            return last in small("yes"), [*taken, k]
        links = desk.is_copula(k) or desk.wish(k, "set") or desk.says(k, "flag_word") or desk.tags[k].type in SILENT
        if not (links or desk.tags[k].type is T.RECORD):
            return None
        taken += [k] if links else []
    return None


def _told(desk: Desk, at: int) -> tuple[bool, list[int]] | None:
    """Whether what stands before it says that it holds: "as a", "is a", "is no longer a", "remove the"."""
    if any(desk.says(k, "to") for k in range(at + 1, len(desk.tags))):
        return None  # "set the VIP to gold"
    taken = [at + 1] if desk.says(at + 1, "flag_word") else []
    is_denied = is_linked = False
    for k in range(at - 1, -1, -1):
        if desk.says(k, "relative"):
            return None  # "mark the deals | that need a diver | as lost"
        over = desk.wish(k, "old", "clear")
        denies = desk.tags[k].type is T.NEG or over
        links = over or desk.is_copula(k) or desk.wish(k, "set") or desk.says(k, "as_role")
        if not (denies or links or (desk.tags[k].type in SILENT and not desk.says(k, "possessive"))):
            break
        is_denied, is_linked = is_denied or denies, is_linked or links
        taken.append(k)
    if desk.wish(desk.verb, "clear", "delete") or (desk.tags[0].type in (T.WISH, T.NEG) and desk.wish(0, "withdraw")):
        is_denied = is_linked = True
        taken.append(desk.verb or 0)
    return (not is_denied, taken) if is_linked or desk.wish(desk.verb, "set") else None
