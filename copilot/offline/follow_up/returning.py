"""What a message takes up again: "back to the West", or what was spoken of before something that had no answer."""

from dataclasses import replace

from copilot.offline.compose.reading import Reading
from copilot.offline.follow_up.context import Context


def spoken_of(context: Context, current: Reading) -> Context:
    """The conversation up to what the message takes up again; "what's the weather?" was another matter."""
    if current.follow == "back":
        return _returned(context, current)
    points = any(p.kind == "set" and not p.is_weak for p in current.pronouns)
    if context.last.spec is None and context.previous.not_held and len(context.history) > 1 and not points:
        return replace(context, history=context.history[:-1])
    return context


def _returned(context: Context, current: Reading) -> Context:
    """As in "back to the West": the conversation up to the last question about what is named."""
    named = {(r.entity, r.names) for r in current.records} | {(t.dotted, t.values) for t in current.fields}
    for end in range(len(context.history), 0, -1):
        reading = context.history[end - 1][0]
        told = {(r.entity, r.names) for r in reading.records} | {(t.dotted, t.values) for t in reading.fields}
        measured = any(m in reading.measures for m in current.measures)
        if (named and named <= told) or (not named and measured):
            return replace(context, history=context.history[:end])
    return context if named or len(context.history) < 2 else replace(context, history=context.history[:-1])
