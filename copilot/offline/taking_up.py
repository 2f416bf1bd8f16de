"""What a person takes up of a page that offered something: "do 1", "make a task for the second", "write to 2"."""

from collections.abc import Sequence

import prompts
from copilot.day.wishes import Wish, find_wish
from copilot.language import language_of
from copilot.offline.plan import Clarify, PastTurn, Plan, Propose, ShowReport, WriteDraft
from copilot.page import Offer
from copilot.reports import get_report
from crm_core.changes.steps import Step

_BACK = 6  # turns; a list further up is out of sight
_MOST_OPTIONS = 4


def take_up(text: str, dialogue: Sequence[PastTurn]) -> Plan | None:
    """What to do about an offer; None where nothing was offered or the message says something else."""
    offers = next((turn.offers for turn in reversed(dialogue[-_BACK:]) if turn.offers), ())
    lang = language_of(text)
    wish = find_wish(text, lang) if offers else None
    if wish is None:
        return None
    words = prompts.load_yaml("lexicon/day")
    if wish.place is None and not dialogue[-1].offers:  # "it" is what came after the list
        return None
    if wish.place is None and len(offers) > 1:
        option, places = words["option"][lang][wish.sort], range(1, min(len(offers), _MOST_OPTIONS) + 1)
        return Clarify(words["which"][lang], tuple(prompts.fill(option, at=at) for at in places))
    place = 1 if wish.place is None else len(offers) if wish.place == -1 else wish.place
    if not 1 <= place <= len(offers):
        return Clarify(prompts.fill(words["none_there"][lang], at=place, most=len(offers)))
    return _taken(wish, offers[place - 1])


def _taken(wish: Wish, offer: Offer) -> Plan:
    if wish.sort == "aside":
        return ShowReport(get_report("day").name, offer.about[:2])
    if wish.sort == "draft":
        return WriteDraft(offer.to or offer.about[:2])
    return Propose((Step.model_validate(offer.step if wish.sort == "do" else offer.task),))
