"""Fields of yes and no: "mark Vantry as a key account", "the battery is a yes", "no longer a VIP", 取消 … 的 VIP."""

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
        found = _answer(desk, at) or _told(desk, at) if named else None
        if found is not None:
            value, taken = found
            desk.set(named[0], value, at, *taken, sure=True)


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
