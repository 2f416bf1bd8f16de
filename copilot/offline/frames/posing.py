"""What poses a question: its word, a request for something of the data, and where in its clause it begins."""

from collections.abc import Sequence

from copilot.offline.frames.clauses import NO_QUESTION, TELLING, Phrases, content_of, is_of_data, words_of
from copilot.offline.frames.grammar import Grammar, spoken
from copilot.offline.frames.pointed import asks_for_names
from copilot.offline.frames.statements import is_bound, is_whole
from copilot.offline.tags import T, Tag

JOINTS = frozenset({"so", "but", "because", "therefore", "although", "though", "since", "as", "and", "anyway", "still"})
RELATIVE = frozenset({"who", "which", "whose", "whom"})
_WISHING = frozenset(
    {"want", "wants", "wanted", "need", "needs", "like", "love", "have", "has", "had", "going", "hope", "plan"}
)
_WONDERING = frozenset(
    ["wonder", "wondering", "wondered", "know", "question", "tell", "ask", "asked", "asking", "remember", "forgotten",
     "forgot", "figure", "find", "check", "see", "work", "count", "understand", "learn", "hear"]
)  # fmt: skip
_LEADS = frozenset({"one", "what", "thing", "figure", "number", "question"})


def is_question_word(tags: Sequence[Tag], at: int) -> bool:
    """Whether a question begins with this tag: "how many", "which"; not the "who" of "the three agents who won"."""
    tag = tags[at]
    if tag.text.lower() in RELATIVE and at and (is_of_data(tags[at - 1]) or tags[at - 1].type is T.RECORD):
        return False
    return tag.type is T.ASK and tag.senses[0].value not in (*NO_QUESTION[:1], *NO_QUESTION[2:], "list", "rank", "when")


def is_chinese(clause: Sequence[Tag]) -> bool:
    """Whether most of it is Chinese."""
    letters = [letter for tag in clause for letter in tag.text if letter.isalpha()]
    return sum(not letter.isascii() for letter in letters) * 3 > len(letters)


def _counts_in_chinese(tag: Tag) -> bool:
    """As in 赢了多少单, 签了几单: the number is asked for in the word of the measure."""
    return tag.type in (T.METRIC, T.VERB_METRIC, T.AGG, T.FIELD) and any(
        word in tag.text for word in ("多少", "几", "多久")
    )


def starts_with_prep(clause: Sequence[Tag]) -> bool:
    first = next((tag for tag in clause if tag.type not in (T.PUNCT, T.FILLER)), None)
    return first is not None and first.type in (T.PREP, T.DATE, T.NEG)


class Posing:
    """Tells questions and requests, by the frame words of a lexicon."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._grammar = Grammar(phrases)

    def starts(self, question: Sequence[Tag]) -> list[int]:
        """Where the question may begin: behind "so", behind who wants to know, at its question word."""
        begins = next((at for at, tag in enumerate(question) if tag.text.lower() not in JOINTS), 0)
        begins = begins if question[begins:] else 0
        out = [begins]
        for at in range(begins, len(question)):
            size = self._phrases.begins(question[at:], "reporting")
            end = next((k for k in range(at + 1, len(question)) if len(words_of(question[at:k])) == size), 0)
            if size and end:
                out.append(end)
                break
        copula = next((at for at, tag in enumerate(question) if tag.text.lower() in ("is", "are", "was", "是")), -1)
        led = [copula + 1] if 0 < copula < len(question) - 1 and self._is_lead(question[begins:copula]) else []
        out += [at for at in range(len(question)) if is_question_word(question, at)][:1]
        return [*(at for at in dict.fromkeys(out) if self._leads_to(question[begins:at])), *led]

    def _is_lead(self, head: Sequence[Tag]) -> bool:
        """As in "the one I need first | is", "what I would like to know | is"."""
        words = spoken(head)
        named = any(tag.type in (T.RECORD, T.VALUE, T.DATE, T.STATE) for tag in head)
        return not named and not _LEADS.isdisjoint(words) and self._wants(head)

    def _leads_to(self, head: Sequence[Tag]) -> bool:
        """Whether the words before the question only say that it is one: "I am wondering |", "he asked me |".

        "The gold tier matters to us | how many …" and "the names of the three agents | who won …" say more.
        """
        begins = next(iter(content_of(head)), None)  # who wants to know
        if begins is None or starts_with_prep(head):
            return begins is None
        told = [
            tag for tag in content_of(head) if is_of_data(tag) or tag.type in (*TELLING, T.DATE, T.BY) or is_bound(tag)
        ]
        asker = all(tag is begins and tag.type not in (T.METRIC, T.STATE, T.DATE, T.BY) for tag in told)
        asks = any(tag.get(T.ASK) for tag in head) or not _WONDERING.isdisjoint(spoken(head)) or self._wants(head)
        return asker and asks and not any(tag.type is T.PUNCT for tag in head)

    def _poses(self, clause: Sequence[Tag]) -> bool:
        asks = any(is_question_word(clause, at) for at in range(len(clause)))
        if is_chinese(clause):
            return (asks or any(_counts_in_chinese(tag) for tag in clause)) and is_whole(clause)
        return asks and not self._is_relative(clause)

    def _is_direct(self, clause: Sequence[Tag]) -> bool:
        """Whether it begins with its question word: a question of its own, told by nobody."""
        begins = next((at for at, tag in enumerate(clause) if tag.type not in (T.AND, T.FOLLOW, T.FILLER, T.PUNCT)), 0)
        return self._poses(clause) and is_question_word(clause, begins)

    def _is_relative(self, clause: Sequence[Tag]) -> bool:
        """As in "…, who is convinced that …", "which I doubt": said of what stands before it, nothing of the data."""
        begins = words_of(clause)[:1] in (["who"], ["which"], ["whose"], ["where"])
        return begins and clause[-1].text != "?" and not is_whole(clause[1:])

    def _asks(self, clause: Sequence[Tag]) -> bool:
        """Whether it is a question or a request for something of the data."""
        if self._poses(clause):
            return True
        if not (any(tag.get(T.ASK) for tag in clause) or self._wants(clause)) or self._means_to(clause):
            return False
        content = content_of(clause)
        told = any(tag.type in TELLING or is_of_data(tag) for tag in content)
        return (told and is_whole(clause)) or asks_for_names(clause)

    def _wants(self, clause: Sequence[Tag]) -> bool:
        words = spoken(clause)
        least = 2 if is_chinese(clause) else 1  # 问 alone is said of others
        return any(self._phrases.prefix(words[at:], "reporting") >= least for at in range(len(words)))

    def _means_to(self, clause: Sequence[Tag]) -> bool:
        """As in "I want to mention the sum", "I have to share out the work": what somebody does, not what is asked."""
        words = spoken(clause)
        for at, word in enumerate(words[:-1]):
            if word == "to" and at and words[at - 1] in _WISHING:
                verb = words[at + 1]
                return self._phrases.has(verb, "verb") and not self._phrases.has(verb, "wanting")
        return False
