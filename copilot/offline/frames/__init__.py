"""Frames: what people say around a question and that says nothing about the data.

"The auditors would like …", "because it distorts everything", "I have a meeting in ten minutes". A clause may be left
aside only as a whole, and only when it holds no word that could filter, measure, compare or ask: such a word must be
owned like any other. Of a story about records ("I have Konex on the line: what do they …") the records stay, as what is
spoken of. What was left aside is named in the answer's notes.
"""

from copilot.offline.frames.asides import cuts
from copilot.offline.frames.asking import Asked, asked_alone
from copilot.offline.frames.question import question_part, question_parts

__all__ = ["Asked", "asked_alone", "cuts", "question_part", "question_parts"]
