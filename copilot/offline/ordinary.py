"""Whether an unknown word is an ordinary one of its language and no name."""

from collections.abc import Sequence
from math import log10

from copilot.offline.tags import Tag

_ZIPF = 3.0
_CHINESE_ZIPF = 3.5


def is_ordinary(tags: Sequence[Tag], *, is_named: bool) -> bool:
    """Whether the tags are words that everybody uses.

    Args:
        tags: that stand together.
        is_named: a kind of record follows, so that Chinese words may be its name (宏达|客户).
    """
    words = [tag.text for tag in tags]
    if any(not word.isascii() for word in words):
        return not is_named and _is_chinese_word("".join(words))
    return all(_is_english_word(tag) for tag in tags)


def _is_english_word(tag: Tag) -> bool:
    from wordfreq import zipf_frequency

    is_name = tag.start > 0 and tag.text[:1].isupper()
    return not is_name and all(zipf_frequency(word, "en", wordlist="small") >= _ZIPF for word in tag.text.split())


def _is_chinese_word(text: str) -> bool:
    """A lone character is a word cut up, or the verb of the sentence."""
    from wordfreq import get_frequency_dict

    frequency = get_frequency_dict("zh", wordlist="small").get(text, 0.0)
    return len(text) > 1 and frequency > 0 and log10(frequency * 1e9) >= _CHINESE_ZIPF
