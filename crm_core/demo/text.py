"""Puts texts together: fills holes, picks the least used wording, never the same one twice in a story."""

import random
import re
from collections import Counter
from collections.abc import Iterable

from crm_core.demo.content import HOLE, Beat, Variant, load, phrases

_CJK = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W\u4e00-\u9fff]+(?:['.,%-][^\W\u4e00-\u9fff]+)*")
MIN_WORDS = 15


def count_words(text: str) -> int:
    """Words of a text; two Chinese characters count as one word."""
    return len(_WORD.findall(text)) + len(_CJK.findall(text)) // 2


def fill(text: str, holes: dict[str, str]) -> str:
    """`text` with its holes filled, also the holes inside what was filled in.

    Raises:
        KeyError: a hole has no value.
    """
    while HOLE.search(text):
        text = HOLE.sub(lambda hole: holes[hole[1]], text)
    return text


class Writer:
    """Words beats in one language; keeps count of what it has used, so that wordings wear evenly."""

    def __init__(self, rng: random.Random, lang: str) -> None:
        self.rng = rng
        self.lang = lang
        self.phrases = phrases(lang)
        self._used: Counter[Variant] = Counter()

    def pick(
        self, bank: Iterable[Variant], holes: dict[str, str], flags: set[str], said: set[Variant]
    ) -> Variant | None:
        """The least used variant that fits and is not in `said`, now marked as used; None without any."""
        fitting = [one for one in bank if one not in said and one.fits(holes, flags)]
        if not fitting:
            return None
        least = min(self._used[one] for one in fitting)
        chosen = self.rng.choice([one for one in fitting if self._used[one] == least])
        self._used[chosen] += 1
        said.add(chosen)
        return chosen

    def write(
        self,
        beat: Beat,
        banks: dict[str, tuple[Variant, ...]],
        holes: dict[str, str],
        flags: set[str],
        said: set[Variant],
    ) -> tuple[str, list[str], set[str]]:
        """The subject, the sentences and the names of the holes that were used.

        No sentences at all when a vital part has nothing left to say.
        """
        chosen: list[Variant] = []
        for part in beat.parts:
            if part.optional and self.rng.random() < 0.5:
                continue
            bank = banks.get(part.bank, ()) if part.bank else part.variants
            one = self.pick(bank, holes, flags, said)
            if one:
                chosen.append(one)
            elif part.vital:
                return "", [], set()
        texts = [self._sentence(one, holes) for one in chosen]
        while count_words(" ".join(texts)) < MIN_WORDS + 3:
            tail = self.pick(self.phrases[beat.tail], holes, flags, said | set(chosen))
            tail = tail or self.pick(self.phrases[beat.tail], holes, flags, set(chosen))
            if tail is None:
                break
            said.add(tail)
            chosen.append(tail)
            texts.append(self._sentence(tail, holes))
        subject = self.pick(beat.subjects, holes, flags, set())
        used = set().union(*(one.holes for one in chosen)) if chosen else set()
        return self._capital(fill(subject.text, holes)) if subject else "", texts, used

    def letter(self, texts: list[str], to: str, sender: str) -> str:
        """An email: greeting, one or two paragraphs, sign-off and name."""
        names = load("names")
        greeting = fill(self.rng.choice(names["greeting"][self.lang]), {"to": to})
        sign_off = self.rng.choice(names["signoff"][self.lang])
        split = self.rng.randint(2, len(texts) - 1) if len(texts) > 3 else len(texts)
        paragraphs = [self.join(texts[:split]), self.join(texts[split:])]
        return "\n\n".join([greeting, *filter(None, paragraphs), f"{sign_off}\n{sender}"])

    def jotting(self, texts: list[str]) -> str:
        """A note: one paragraph, or now and then one line per thought."""
        if len(texts) > 2 and self.rng.random() < 0.3:
            return "\n".join(f"- {text}" for text in texts)
        return self.join(texts)

    def join(self, texts: list[str]) -> str:
        return ("" if self.lang == "zh" else " ").join(texts)

    def _sentence(self, one: Variant, holes: dict[str, str]) -> str:
        text = self._capital(fill(one.text, holes))
        if text.rstrip('"”')[-1] in ".?!。？！":
            return text
        return text + ("。" if self.lang == "zh" else ".")

    @staticmethod
    def _capital(text: str) -> str:
        return text[0].upper() + text[1:]
