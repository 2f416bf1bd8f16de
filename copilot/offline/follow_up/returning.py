"""What a message takes up again: "back to the West", or what was spoken of before something that had no answer."""

from dataclasses import replace

from copilot.offline.compose.reading import Reading
from copilot.offline.follow_up.context import Context
from copilot.offline.plan import PastTurn


def spoken_of(context: Context, current: Reading) -> Context:
    """The conversation up to what the message takes up again; "what's the weather?" was another matter."""
    if current.first:
        return _begun(context, current)
    if current.follow == "back":
        return _returned(context, current)
    if (ranked := _ranked(context, current)) is not None:
        return ranked
    points = any(p.kind == "set" and not p.is_weak for p in current.pronouns)
    if context.last.spec is None and context.previous.not_held and len(context.history) > 1 and not points:
        return replace(context, history=context.history[:-1])
    return context


_RANKS = ("max_rank", "min_rank", "max_high", "min_high", "max_good", "min_good")
_BACK = 3


def _ranked(context: Context, current: Reading) -> Context | None:
    """As in "and the lowest in the East?", after one question about the lowest in the West: that ranking, of others."""
    sup, before = current.sup, context.previous
    said = current.measures or current.target or current.groups or current.columns or current.pronouns or current.asks
    if sup is None or sup.sort not in _RANKS or sup.noun or sup.by or said or not (current.fields or current.periods):
        return None
    if before.sup or before.groups or not context.last.spec:
        return None
    for back in range(2, min(_BACK, len(context.history)) + 1):
        reading, turn = context.history[-back]
        if reading.sup is not None and reading.measures and turn.spec is not None:
            return replace(context, history=context.history[: len(context.history) - back + 1])
    return None


def _begun(context: Context, current: Reading) -> Context:
    """As in "those three from the beginning": the conversation up to the first answer, of so many rows if it says so.

    Up to its first question where no answer fits: there is then nothing to point at.
    """
    fits = [
        (end, _names(current) <= _names(reading))
        for end, (reading, turn) in enumerate(context.history, 1)
        if turn.spec is not None and _showed(turn, current.shown)
    ]
    if fits:
        end = next((end for end, names in fits if names), fits[0][0])
        return replace(context, history=context.history[:end])
    nothing = (Reading(unclear=True), PastTurn(context.history[0][1].text))
    return replace(context, history=[nothing])


def _returned(context: Context, current: Reading) -> Context:
    """As in "back to the West": the conversation up to the last question about what is named."""
    named = _names(current)
    for end in range(len(context.history), 0, -1):
        reading, turn = context.history[end - 1]
        measured = any(m in reading.measures for m in current.measures)
        if _showed(turn, current.shown) and ((named and named <= _names(reading)) or (not named and measured)):
            return replace(context, history=context.history[:end])
    return context if named or len(context.history) < 2 else replace(context, history=context.history[:-1])


def _names(reading: Reading) -> set[tuple[object, ...]]:
    """The records and values that it names."""
    return {(r.entity, r.names) for r in reading.records} | {(t.dotted, t.values) for t in reading.fields}


def _showed(turn: PastTurn, number: int | None) -> bool:
    """Whether the answer had so many rows, where a number is told."""
    return number is None or number == (len(turn.ids) or len(turn.labels))
