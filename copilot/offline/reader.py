"""Messages read: words → tags → nodes, alone and in the light of the conversation."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import prompts
from copilot.offline.all_of_them import each_of_all
from copilot.offline.compose import compose
from copilot.offline.compose.implied import telegraphic
from copilot.offline.compose.orders import kept
from copilot.offline.compose.parted import name_parts
from copilot.offline.compose.reading import Reading
from copilot.offline.cut_short import both_nouns, shares_in_tens
from copilot.offline.follow_up import Context, LookUp, edit, is_follow_up
from copilot.offline.follow_up.back_to import past_one_record
from copilot.offline.follow_up.leaning import as_measure, has_scope
from copilot.offline.follow_up.nounless import is_on_nothing, names_no_subject, on_nothing
from copilot.offline.follow_up.stepping import settle
from copilot.offline.follow_up.team import of_whole_team, with_team
from copilot.offline.frames import Asked, asked_alone, cuts, question_part
from copilot.offline.frames.remarks import without_remark
from copilot.offline.homophones import as_states, asked_not_pointed
from copilot.offline.lexicon import key
from copilot.offline.narrowing import narrow
from copilot.offline.nested import Found, find_ranking, in_place
from copilot.offline.opening import at_the_start, compared_in_money, nodes_of
from copilot.offline.particles import gather
from copilot.offline.picking import picked
from copilot.offline.plan import Clarify, PastTurn, Plan
from copilot.offline.prepare import Prepared, prepare
from copilot.offline.restated import as_one
from copilot.offline.scope_wish import wished
from copilot.offline.small_talk import recalled_in, small_talk
from copilot.offline.sounds import respell
from copilot.offline.still_to_do import settle_to_do
from copilot.offline.suppositions import without_supposition
from copilot.offline.tagging import Tagger
from copilot.offline.tags import SILENT, T, Tag
from copilot.offline.teaching import taught_in
from copilot.offline.tokens import Token, normalise, tokenize
from copilot.offline.turns import in_plain_words
from copilot.offline.vocabulary import Vocabulary
from copilot.offline.writing.words import VERBS, writing_words

MAX_TURNS_READ = 8
_Part = tuple[list[Tag], list[str]]  # the tags that matter, and the texts of what was left aside


@dataclass(frozen=True)
class Read:
    """One message, read: its words, tags and nodes."""

    prepared: Prepared
    tags: tuple[Tag, ...]
    reading: Reading
    lang: str
    instead: Plan | None = None  # what a ranking inside it asks back
    aside: tuple[str, ...] = ()  # notes of what was left out or found before it was composed


class Reader:
    """Reads messages with one vocabulary on one day."""

    def __init__(
        self, vocabulary: Vocabulary, tagger: Tagger, today: date, look_up: LookUp,
        ranked: Callable[[str], Found | Plan] | None,
        of_team: Callable[[Reading, Sequence[Tag]], None] = lambda reading, tags: None,
        placed: Callable[[Sequence[Tag]], list[Tag]] = list,
        with_asker: Callable[[Sequence[Tag]], list[Tag]] = list,
    ) -> None:  # fmt: skip
        self._of_team, self._placed, self._with_asker = of_team, placed, with_asker
        self._look_up = look_up
        self._ranked = ranked
        self._vocabulary = vocabulary
        self._tagger = tagger
        self._today = today
        self._covered: dict[str, tuple[Prepared, tuple[Tag, ...]]] = {}
        self._past: tuple[Sequence[PastTurn], bool, list[tuple[Reading, PastTurn]]] | None = None

    def read(self, text: str, *, is_first: bool = False) -> Read:
        """One message on its own; if it is the first of a conversation, it points at nothing before it."""
        lexicon = self._vocabulary.lexicon
        text, remark = without_remark(text)
        prepared, (tags, aside) = self._repaired(
            text, lambda tags: question_part(tags, lexicon), is_question=True, is_first=is_first
        )
        tags, guess = without_supposition(tags)
        tags, against = as_one(self._with_asker(tags))
        aside = [*aside, *([guess] if guess else []), *([remark] if remark else []), *against]
        tags, note, instead = self._resolved(self._placed(settle_to_do(tags, today=self._today)))
        lang = "zh" if any(token.script == "cjk" for token in tokenize(text)) else "en"  # not of names put in
        reading = self._composed(tags, note)
        if reading.parted:
            reading.parted, aside = name_parts(reading.parted, aside)
        without = [left_out(words, lang) for words in aside]
        reading.notes.extend(without)
        return Read(prepared, tuple(tags), reading, lang, instead, (*note, *without))

    def read_as(self, read: Read, tags: tuple[Tag, ...]) -> Read:
        """The same message by other tags."""
        return replace(read, tags=tags, reading=self._composed(tags, read.aside))

    def parts_of(self, read: Read, tag: Tag) -> tuple[Tag, ...]:
        """The words of a phrase read one by one; () where one of them means nothing by itself."""
        tokens = read.prepared.tokens[tag.start : tag.end]
        parts = self._tagger.parts(tokens, today=self._today)
        if any(part.type is T.UNKNOWN for part in parts):
            return ()
        return tuple(replace(part, start=part.start + tag.start, end=part.end + tag.start) for part in parts)

    def apart(self, read: Read) -> Iterator[Read]:
        """The message without a clause of background that holds all the words that nothing explains."""
        strange = {tag.start for tag in read.tags if tag in read.reading.loose or tag.type is T.NOT_HELD}
        for cut in cuts(read.tags, self._vocabulary.lexicon):
            if strange <= {tag.start for tag in cut.aside}:
                notes = [*read.reading.notes, left_out(cut.text, read.lang)]
                yield replace(read, tags=cut.kept, reading=self._composed(cut.kept, notes))

    def alone(self, text: str) -> Iterator[Asked]:
        """The question of a message by itself, in the ways that it may be said without its background."""
        prepared, tags = self.cover(text)
        return asked_alone(_as_typed(tags, prepared.tokens, normalise(text)), self._vocabulary.lexicon)

    def _composed(self, tags: Sequence[Tag], notes: Sequence[str]) -> Reading:
        reading = compose(tags, self._vocabulary, today=self._today)
        narrow(reading, self._vocabulary, self._look_up)
        self._of_team(reading, tags)
        reading.notes.extend(notes)
        return reading

    def _resolved(self, tags: list[Tag]) -> tuple[list[Tag], list[str], Plan | None]:
        """The tags with those whom a ranking inside finds in its place, and a note of whom it found."""
        inner = find_ranking(tags) if self._ranked is not None else None
        if inner is None or self._ranked is None:
            return tags, [], None
        found = self._ranked(inner.text)
        if not isinstance(found, Found):
            return tags, [], found
        if not (found.names or found.value) or inner.is_doubtful:
            return tags, [], Clarify(prompts.load_yaml("planner")["zh" if inner.is_chinese else "en"]["no_shape"])
        return in_place(tags, inner, found), [f"{inner.text} → {found.told}"], None

    def cover(self, text: str) -> tuple[Prepared, list[Tag]]:
        """The words of a message, spelt right, and the tags that explain all of them."""
        if text not in self._covered:  # those who read changes come back to the same words again and again
            prepared, (tags, _) = self._repaired(text, lambda tags: (tags, []))
            self._covered[text] = (prepared, tuple(tags))
        prepared, kept = self._covered[text]
        return prepared, list(kept)

    def _repaired(
        self, text: str, part: Callable[[list[Tag]], _Part], *, is_question: bool = False, is_first: bool = False
    ) -> tuple[Prepared, _Part]:
        """The words of a message, spelt right, and this part of their tags."""
        prepared = prepare(text, self._vocabulary)
        if is_question:
            phrases = self._vocabulary.phrases
            said = in_plain_words(shares_in_tens(both_nouns(prepared.tokens)), self._vocabulary)
            said = each_of_all(said, self._vocabulary)
            tokens, confused = as_states(gather(said, phrases), phrases)
            prepared = Prepared(tuple(tokens), (*prepared.repairs, *confused))
        tags = self._tagger.cover(prepared.tokens, today=self._today)
        if is_question:
            tokens, meant = self._vocabulary.glossary.read(prepared.tokens, tags)
            if meant:
                prepared = Prepared(tuple(tokens), (*prepared.repairs, *meant))
                tags = self._tagger.cover(prepared.tokens, today=self._today)
        found = part(tags)
        tokens, repairs = respell(prepared.tokens, found[0], *self._vocabulary.by_sound)
        if is_question and not repairs:
            tokens, repairs = asked_not_pointed(tokens, found[0], is_first=is_first)
        if repairs:
            prepared = Prepared(tuple(tokens), (*prepared.repairs, *repairs))
            found = part(self._tagger.cover(prepared.tokens, today=self._today))
        return prepared, found

    def in_context(self, read: Read, dialogue: Sequence[PastTurn]) -> Reading:
        """The reading as an edit of the conversation so far, where it leans on it."""
        return self._join(self._remembered(read, dialogue), read)

    def parts_in_context(self, read: Read, dialogue: Sequence[PastTurn]) -> Callable[[Sequence[Tag]], Reading]:
        """What some of the message's tags would be read as, by themselves, in the conversation so far."""
        history = self._remembered(read, dialogue)

        def joined(tags: Sequence[Tag]) -> Reading:
            composed = self._composed(tags, read.reading.notes)
            return self._join(history, replace(read, tags=tuple(tags), reading=composed))

        return joined

    def _remembered(self, read: Read, dialogue: Sequence[PastTurn]) -> list[tuple[Reading, PastTurn]]:
        """The turns before it that it may lean on, each with what it was read as; read once a message."""
        points = bool(read.reading.pronouns)
        if self._past is None or self._past[0] is not dialogue or self._past[1] != points:
            self._past = (dialogue, points, self._history(dialogue, points=points))
        return self._past[2]

    def _history(self, dialogue: Sequence[PastTurn], *, points: bool) -> list[tuple[Reading, PastTurn]]:
        """The readings of the turns before; `points`: it has a pointer ("them"), which may mean any of them."""
        history: list[tuple[Reading, PastTurn]] = []
        for turn in (turn for turn in list(dialogue)[-MAX_TURNS_READ:] if taught_in(turn.text) is None):
            if turn.proposal or turn.steps:
                continue  # a wish: nothing that was asked leans on it
            recalled = recalled_in(turn.text) if turn.spec is not None else None
            said = wished(recalled or picked(turn.text, history[-1][1] if history else None))
            history = [] if said.wish == "everything" else history
            current = self.read(said.text, is_first=not history)
            noise = _says_nothing(current.reading) and not points  # "them" may mean those words
            unread = turn.spec is None and (_orders(current) or noise)
            if small_talk(current) is None and not unread:
                history.append((self._join(history, current), turn))
        return history

    def _join(self, history: Sequence[tuple[Reading, PastTurn]], read: Read) -> Reading:
        leans = read.reading.step is not None
        current = settle(read.reading, history[-1][0] if history else None, today=self._today)
        if not history:
            telegraphic(current, read.tags)
            if read.lang == "zh":
                compared_in_money(current)
            return at_the_start(current)
        before, last = history[-1]
        current = as_measure(current, last, before)
        leans |= last.spec is None and not last.options and _adds_up(current) and has_scope(before)
        if last.spec is None and is_on_nothing(read.tags, current) and not (last.options and current.sup):
            return on_nothing(current)
        if last.spec is not None and names_no_subject(read.tags, current):
            leans, history = True, past_one_record(history)
            before, last = history[-1]
        team = of_whole_team(before, current) if last.spec is not None else None
        if team is not None:
            return team
        if not leans and not is_follow_up(current, last, before):
            return with_team(before, current)
        out = edit(Context(history, self._look_up), current)
        kept(before, read.tags, out, self._vocabulary)
        return out


def _adds_up(reading: Reading) -> bool:
    """As in 总共多少钱, "how much altogether": of what, only the message before it tells."""
    return "how_much" in reading.asks and not (has_scope(reading) or reading.groups or reading.sup or reading.ours)


def _as_typed(tags: Sequence[Tag], tokens: Sequence[Token], text: str) -> list[Tag]:
    """The tags with the words that were typed, not those that they were read as."""
    out: list[Tag] = []
    past = 0
    for tag in tags:
        end = tokens[tag.end].start if tag.end < len(tokens) else len(text)
        start = max(past, tokens[tag.start].start)
        if start < end:
            out.append(replace(tag, text=text[start:end].strip()))
            past = end
    return out


def left_out(words: str, lang: str) -> str:
    """The note of what was said beside the question."""
    told = words.strip(" ,，.。:：;；-–—…!！?？")
    text: str = prompts.load_yaml("planner")[lang]["left_out"]
    return prompts.fill(text, words=told if told.isascii() else told.replace(" ", ""))


def _orders(read: Read) -> bool:
    """Whether it begins with a word that orders a change, and that is none of a question."""
    first = next((tag for tag in read.tags if tag.type not in SILENT), None)
    if first is None or first not in read.reading.loose:
        return False
    return any(sense.value in VERBS for sense in writing_words().get(key(first.text.lower()), ()))


def _says_nothing(reading: Reading) -> bool:
    """As in "asdf qwer": words that nobody knows, and not one that means anything."""
    return bool(reading.loose) and all(tag.type is T.UNKNOWN for tag in reading.loose) and not nodes_of(reading)
