"""From the pieces of a message to acts: shared words go where they belong."""

from collections.abc import Sequence

from copilot.offline.tags import T, Tag
from copilot.offline.writing.changing.acts import Act, Spoken
from copilot.offline.writing.changing.asides import (
    excludes,
    is_record,
    is_remark,
    owners_in,
    points_at_place,
    subject_of,
    tells_a_value,
)
from copilot.offline.writing.changing.held_days import hold_days, without_date_field
from copilot.offline.writing.changing.settings import Piece, Setting
from copilot.offline.writing.changing.taken_back import take_back
from copilot.offline.writing.parts import SENTENCE_ENDS, names_of, said
from copilot.offline.writing.why import REASON, reasons_in, told_reasons


class Fold:
    """Pieces put together in the order of the message."""

    def __init__(self, spoken: Spoken) -> None:
        self.acts: list[Act] = []
        self.spoken = spoken
        self.lost: list[Tag] = []  # what was described, and nothing was said to be done with
        self.complains = False
        self._header: list[Tag] = []
        self._is_strong = False
        self._header_every = False
        self._header_count: int | None = None
        self._header_pieces: list[Piece] = []
        self._used = True  # whether an act was made of the header
        self._header_old: list[Tag] = []
        self.is_conditional = False
        self._is_rule = False
        self._in_reason = False
        self.asides = 0
        self._takes_back = False
        self._why: list[str] = []  # reasons told in other words than the company's
        self.floating: list[Piece] = []  # set before any record was named

    def add(self, piece: Piece) -> None:
        """The next piece."""
        self._why += told_reasons(piece.part.tags)
        self._takes_back = take_back(piece, self.acts, self._takes_back)
        if piece.is_reason and self._is_why(piece):
            return
        if piece.is_aside or self._is_reason(piece):
            self.asides += 1
            return
        self.lost += hold_days(piece, self.spoken.day, is_told=bool(self.acts))
        self.is_conditional |= piece.is_condition
        self._is_rule |= piece.is_rule
        described, pointer = self.spoken.resolve(piece.described)
        piece.described, piece.pointer = described, pointer
        if piece.is_setting:
            self._setting(piece)
        elif not piece.content:
            self._silent(piece)
        elif self._is_why(piece):
            return
        elif self.acts and excludes(piece):
            self.acts[-1].described += piece.described
        elif is_remark(piece):
            self._told(piece)
        elif piece.orders:
            self._order(piece)
        else:
            self._describes(piece)
        self.spoken.hear(piece.described or piece.part.tags)
        self.spoken.hear([tag for tag in piece.part.tags if tag.type is T.DATE])

    def _is_reason(self, piece: Piece) -> bool:
        """Why something happened, up to the end of the sentence."""
        goes_on = self._in_reason and piece.part.begins in (":", "：", ",", "，", "and") and not piece.orders
        self._in_reason = piece.is_reason or (goes_on and not piece.settings)
        return self._in_reason

    def _is_why(self, piece: Piece) -> bool:
        """Whether it says why the deal was lost, in the company's own words: 他们预算被砍; the reason is set then."""
        silent = (T.PRONOUN, T.MINE, T.UNKNOWN)
        told = all(tag.type in silent or tag.get(T.VALUE) is not None for tag in piece.content)
        apart = (T.RECORD, T.NUMBER, T.DATE, T.ENTITY, T.FIELD)
        told |= bool(told_reasons(piece.part.tags)) and not any(tag.type in apart for tag in piece.content)
        return (piece.is_reason or told) and self._lost_with(reasons_in(piece.part.tags))

    def _lost_with(self, reasons: Sequence[str]) -> bool:
        """Whether the deal was just said to be lost, and this is the one reason; it is set then."""
        lost = bool(self.acts) and any((s.field, s.value) == ("deal.stage", "lost") for s in self.acts[-1].settings)
        if lost and len(reasons) == 1:
            self.acts[-1].settings.append(Setting(REASON, reasons[0]))
        return lost and len(reasons) == 1

    def _setting(self, piece: Piece) -> None:
        content = piece.content
        if not content:
            self._set_only(piece)
            return
        if self._same_as_told(piece):
            last = self.acts[-1]
            last.described += piece.described
            last.take(piece)
            return
        for other in self._apart(piece):
            self._act([*other.described], piece)
        if piece.is_one and self.acts and not self._is_strong and piece.part.begins not in SENTENCE_ENDS:
            piece.described = [*owners_in(self.acts[-1].described, unless=piece.described), *piece.described]
        if piece.is_one and self.spoken.product is not None and points_at_place(piece):
            piece.described = [*piece.described, self.spoken.product]
        alone = self._stands_alone(piece)
        self._used |= alone and all(names_of(tag, "account") for tag in self._header if tag.type is T.RECORD)
        header = [] if alone else self._take_header()
        if not header:
            header = self._party(piece)
        self._act([*header, *piece.described], piece)

    def _act(self, described: list[Tag], piece: Piece) -> None:
        act = Act(described, text=said(piece.part.tags))
        act.every = self._header_every or self._is_rule
        act.count = self._header_count if not piece.count else None
        act.take(piece)
        act.old += self._header_old
        self._header_old = []
        act.pointer = piece.pointer
        act.sure |= self.complains
        act.complains = self.complains
        for floating in self.floating:
            act.take(floating)
        self.floating = []
        self.acts.append(act)
        if not self._is_strong:
            self._header_every, self._header_count = False, None
        self.spoken.nouns = described

    def _set_only(self, piece: Piece) -> None:
        """A setting without records: of the header, of what was pointed at, of the act before, or of all."""
        if self._header and not (self._is_strong and self._used):
            labelled = self._is_strong and any(tag.type is T.RECORD for tag in self._header)
            self._act(without_date_field(self._take_header(), piece), piece)
            self.acts[-1].sure |= labelled or any(s.field == "deal.stage" for s in piece.settings)
        elif self.acts and piece.every and len(self.acts) > 1 and piece.pointer is None:
            for act in self.acts:
                act.take(piece.as_one())
        elif self.acts:
            self._attach(piece)
        elif self.spoken.nouns:
            self._act(list(self.spoken.nouns), piece)
            self.acts[-1].every |= self.spoken.every
        else:
            self.floating.append(piece)

    def _attach(self, piece: Piece) -> None:
        if piece.op == "delete" and self.acts[-1].settings and piece.pointer is None:
            self._act([], piece)
        else:
            self.acts[-1].take(piece)

    def _silent(self, piece: Piece) -> None:
        """No records and nothing set: a bare "all of them", "fix it", a named field."""
        if self.acts:
            self.acts[-1].sure |= piece.orders or piece.sure
            self.acts[-1].mentioned += piece.mentioned
            self.acts[-1].closes |= piece.closes
            self.acts[-1].old += piece.old
            self.acts[-1].also |= piece.also
        elif piece.mentioned or piece.closes or piece.every:
            self.floating.append(piece)

    def _told(self, piece: Piece) -> None:
        """A remark: what it names may be pointed at."""
        self.asides += 1
        if tells_a_value(piece):
            self.lost += piece.part.tags
        nouns = subject_of(piece.described)
        if nouns:
            self.spoken.nouns, self.spoken.every = nouns, piece.every or piece.count is not None
        self.complains |= piece.complains
        if self.acts and piece.mentioned:
            self.acts[-1].mentioned += piece.mentioned
        elif piece.mentioned:
            self.floating.append(piece)

    def _order(self, piece: Piece) -> None:
        """A verb that orders, and nothing to set: part of what was said, or something is missing."""
        kinds = (T.ENTITY, T.FIELD, T.UNIT, T.CHANGE, T.PRONOUN, T.BUCKET, T.BY)
        if self.acts and all(tag.type in kinds for tag in piece.content):
            self.acts[-1].mentioned += piece.mentioned
            return
        header = self._take_header()
        act = Act([*header, *piece.described], text=said(piece.part.tags), sure=True)
        act.take(piece)
        self.acts.append(act)

    def _describes(self, piece: Piece) -> None:
        if piece.also and self.acts:
            act = Act(
                piece.described, list(self.acts[-1].settings), self.acts[-1].op, text=said(piece.part.tags), sure=True
            )
            act.every, act.count = piece.every, piece.count
            self.acts.append(act)
            return
        if self.acts and piece.part.begins in (":", "：") and self._completes(piece):
            return
        if self.acts and not self.acts[-1].is_whole and not self._header:
            self.acts[-1].described += piece.described
            return
        if self._is_strong:
            self._is_strong = False
            self.lost += [] if self._used else self._header
            self._header = []
        self._used = False
        self._header += piece.described
        self._header_pieces.append(piece)
        self._header_old += piece.old
        self._header_every |= piece.every
        self._header_count = self._header_count or piece.count
        self._is_strong = piece.part.ends in (":", "：", "—", "–")
        self.spoken.nouns = list(self._header)

    def _completes(self, piece: Piece) -> bool:
        """A bare value of the field just named: "Correct Finhigh's sector: finance"."""
        act = self.acts[-1]
        for sense in (s for tag in piece.content for s in tag.all(T.VALUE)):
            if sense.value[0] in act.mentioned and len(piece.content) == 1:
                act.settings.append(Setting(sense.value[0], sense.value[1]))
                return True
        return False

    def _take_header(self) -> list[Tag]:
        header = list(self._header)
        self._used = True
        if not self._is_strong:
            self._header = []
            self._header_pieces = []
        return header

    def _apart(self, piece: Piece) -> list[Piece]:
        """Pieces of the header that name records of their own: "Kami's Labdrill Pro and her Konex Basic both go to"."""
        if self._is_strong or not self._header_pieces:
            return []
        whole = [p for p in self._header_pieces if is_record(p.content)]
        if not whole or not is_record(piece.content):
            return []
        self._header, self._header_pieces = [], []
        piece.every = piece.every and piece.count is None
        piece.count = None
        return whole

    def _stands_alone(self, piece: Piece) -> bool:
        return not self._header or any(names_of(tag, "deal") for tag in piece.content)

    def _party(self, piece: Piece) -> list[Tag]:
        """The company just spoken of, where one product of it is meant: "Isdom called: the GTX Pro is off"."""
        named = [tag for tag in piece.content if tag.type in (T.RECORD, T.ENTITY, T.MINE, T.VALUE)]
        kinds = [bool(names_of(tag, "product") or names_of(tag, "user") or tag.type is T.ENTITY) for tag in named]
        party = self.spoken.account
        one = any(names_of(tag, "product") for tag in named) or any(tag.type is T.ENTITY for tag in named)
        return [party] if party is not None and one and all(kinds) and not piece.every else []

    def _same_as_told(self, piece: Piece) -> bool:
        """Whether it says again, closer, what the act before said: "Konex signed! Mark Elease's GTK 500 there won"."""
        if not self.acts or not piece.settings:
            return False
        last = self.acts[-1]
        named_before = [tag for tag in last.content if tag.type is not T.ENTITY or tag.senses[0].value != "account"]
        stage = [s.value for s in last.settings if s.field == "deal.stage"]
        same = [s.value for s in piece.settings if s.field == "deal.stage"]
        closer = not same and {s.field for s in piece.settings} <= {"deal.amount", "date", "close"}
        same = stage if closer and any(names_of(tag, "product") for tag in piece.content) else same
        named = [tag for tag in piece.content if names_of(tag, "account")]
        only = len(named_before) == 1 and bool(names_of(named_before[0], "account"))
        again = not named or any(tag.text == named_before[0].text for tag in named)
        return bool(stage) and stage == same and only and again

    def end(self) -> None:
        """What was left open finds its place."""
        if self._header and not self._is_strong and self.acts:
            self.acts[-1].described += self._header
        elif self._header and self._is_strong and not self._used and self.acts:
            self.lost += self._header
        elif self._header and any(piece.is_setting for piece in self.floating):
            first = next(piece for piece in self.floating if piece.is_setting)
            self.floating.remove(first)
            self._act(self._take_header(), first)  # "mark as lost: every deal of Kami's"
        for floating in self.floating:
            if self.acts:
                self.acts[-1].take(floating)
        self.header = self._header
        self._tell_why()

    def _tell_why(self) -> None:
        """The one reason that was told beside the one loss: "mark it lost, they found someone cheaper"."""
        lost = [act for act in self.acts if any((s.field, s.value) == ("deal.stage", "lost") for s in act.settings)]
        if len(lost) == 1 and len(set(self._why)) == 1 and not any(s.field == REASON for s in lost[0].settings):
            lost[0].settings.append(Setting(REASON, self._why[0]))
