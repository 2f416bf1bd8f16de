"""The names of money: harmless where the store keeps its amounts in it, told where it does not.

No amount is converted for a word. Which currencies are meant, and which the store has, decides.
"""

from collections.abc import Sequence

from copilot.offline.tags import T, Tag
from copilot.offline.vocabulary import Vocabulary


def other_money(tags: Sequence[Tag], vocabulary: Vocabulary) -> list[tuple[str, dict[str, str]]]:
    """What is to be told where the money that was asked for is not the store's: a sentence and its holes."""
    kept = vocabulary.currencies
    for tag in tags:
        meant = {code for s in tag.all(T.MONEY_WORD) if isinstance(s.value, tuple) for code in s.value}
        if meant and kept and (not meant & kept or (len(kept) > 1 and vocabulary.base_currency not in meant)):
            return [("other_money", {"kept": ", ".join(sorted(kept)), "asked": tag.text.removeprefix("in ")})]
    return []
