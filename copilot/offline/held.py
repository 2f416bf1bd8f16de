"""Words for what a store does not keep give way to other readings of the same words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from copilot.offline.lexicon import Words
from copilot.offline.tags import Sense, T

if TYPE_CHECKING:
    from copilot.offline.vocabulary import Vocabulary

_REGION, _TEAM = "user.region", "user.team"


def drop_what_is_not_there(vocabulary: "Vocabulary") -> None:
    """A field that holds nothing gives way to a reading of the same words that holds something."""
    for words, senses in vocabulary.phrases.of(T.STATE, T.METRIC, T.VERB_METRIC, T.FIELD):
        found = _of_what_is_there(vocabulary, words, senses)
        held = [s for s in found if s.type is not T.FIELD or vocabulary.holds(s.value)]
        if len(held) < len(found) and (held or _names_what_is_held(vocabulary, words)):
            found = held
        if found != list(senses):
            vocabulary.phrases[words] = found


def _of_what_is_there(vocabulary: "Vocabulary", words: Words, senses: Sequence[Sense]) -> list[Sense]:
    """The readings without what other readings of the words, or other records of the store, stand for."""
    found = list(senses)
    if any(s.type is T.STATE for s in found):  # "Won" is the state that the stage of this name stands for
        found = [s for s in found if s.type is not T.RECORD or s.value[0].entity != "stage"]
    if any(s.type is T.ENTITY for s in found):  # "orders" are records; what they come to has words of its own
        named = (T.METRIC, T.VERB_METRIC) if vocabulary.holds_records("order") else (T.METRIC,)
        found = [s for s in found if s.type not in named or s.value != "order_revenue"]
    if not vocabulary.holds_records("order"):  # without orders, what was bought are won deals
        found = [Sense(s.type, "bookings") if s.value == "order_revenue" else s for s in found]
    elif not vocabulary.holds_records("deal"):  # without deals, what was sold are orders
        found = [Sense(s.type, "order_revenue") if s.value == "bookings" else s for s in found]
    if len(words) == 1:  # "changed" is a verb before it is a stage's date
        found = [s for s in found if s.type is not T.FIELD or not s.value.startswith("stage_change.")]
    if not words[0].isascii() and not vocabulary.holds(_REGION) and vocabulary.holds(_TEAM):
        found = [Sense(T.FIELD, _TEAM) if s.value == _REGION else s for s in found]  # 华南大区 is a 部门
    if vocabulary.holds("deal.started_on"):  # when the store made a record says nothing of what files brought in
        found = [Sense(T.FIELD, "deal.started_on") if s.value == "deal.created_at" else s for s in found]
    return found


def _names_what_is_held(vocabulary: "Vocabulary", words: Words) -> bool:
    """Whether a set phrase for what is not there ends in a field that is, or "by": "how many | seats", "sold | by"."""
    rest = vocabulary.phrases.get(words[1:], ()) or vocabulary.phrases.get(words[-1:], ())
    named = any(s.type is T.FIELD and vocabulary.holds(s.value) for s in rest)
    return len(words) > 1 and (named or any(s.type is T.BY for s in rest))
