"""A language model's opinion of tone and usefulness, and how far it agrees with people's. It decides nothing.

What can be counted is counted by `evals.marks`; whether an answer reads well cannot. A file of labels holds what people
thought of replies, one a line: {"question", "reply", "tone": 1-5, "use": 1-5, "who"}; the judge is worth as much as it
agrees with them.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError

from crm_core.errors import Invalid
from evals.check import Strict
from prompts import fingerprint, render

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

PROMPT = "judge"
FILE = Path(__file__).parent / "labels.jsonl"  # a few made-up replies, to try it with
_ASKED = ("tone", "use")
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)


class Labelled(Strict):
    """What a person thought of a reply."""

    question: str
    reply: str
    tone: int = Field(ge=1, le=5)
    use: int = Field(ge=1, le=5)
    who: str = ""


@dataclass(frozen=True)
class Opinion:
    """What the judge thinks: 1 (bad) to 5 (good); None where it gave no such answer."""

    tone: int | None
    use: int | None


@dataclass(frozen=True)
class Agreement:
    """Between the judge and people.

    Attributes:
        n: replies that both judged.
        unread: replies on which the judge gave no number.
        kappa: question → quadratically weighted kappa: 1 is agreement, 0 what chance gives.
        near: question → share of replies where both are at most one apart.
        prompt: fingerprint of the judge's.
        who: labelled them, and how many.
    """

    n: int
    unread: int
    kappa: dict[str, float]
    near: dict[str, float]
    prompt: str
    who: dict[str, int]

    def lines(self) -> Iterator[str]:
        """For a person."""
        yield f"{self.n} replies judged, {self.unread} without a number; prompt {self.prompt}"
        yield from (f"labelled by {who or 'nobody says whom'}: {count}" for who, count in self.who.items())
        for name in self.kappa:
            yield f"{name}: weighted kappa {self.kappa[name]:.2f}, within one {self.near[name]:.0%}"
        yield "the judge decides nothing: it is worth as much as it agrees with those who labelled"


def judge(question: str, reply: str, model: "BaseChatModel") -> Opinion:
    """The judge's opinion of one reply."""
    said = str(model.invoke(render(PROMPT, question=question, reply=reply)).text)
    found = _OBJECT.search(said)
    try:
        told: dict[str, Any] = json.loads(found[0]) if found else {}
    except ValueError:
        told = {}
    tone, use = (told.get(name) if told.get(name) in (1, 2, 3, 4, 5) else None for name in _ASKED)
    return Opinion(tone, use)


def agreement(labels: Sequence[Labelled], model: "BaseChatModel") -> Agreement:
    """How far the judge agrees with people."""
    pairs = [(one, judge(one.question, one.reply, model)) for one in labels]
    read = [(one, said) for one, said in pairs if said.tone is not None and said.use is not None]
    marks = {name: [(int(getattr(one, name)), int(getattr(said, name))) for one, said in read] for name in _ASKED}
    return Agreement(
        len(read),
        len(pairs) - len(read),
        {name: weighted_kappa(given) for name, given in marks.items()},
        {name: sum(abs(a - b) <= 1 for a, b in given) / max(len(given), 1) for name, given in marks.items()},
        fingerprint(PROMPT),
        dict(Counter(one.who for one in labels)),
    )


def weighted_kappa(pairs: Sequence[tuple[int, int]]) -> float:
    """Agreement of two raters beyond chance, with quadratic weights. Source: Cohen 1968."""
    n = len(pairs)
    if not n:
        return 0.0
    told = sum((a - b) ** 2 for a, b in pairs) / n
    chance = sum((a - b) ** 2 for a, _ in pairs for _, b in pairs) / n**2
    return 1.0 - told / chance if chance else 1.0


def load_labels(path: Path) -> list[Labelled]:
    """What people thought.

    Raises:
        Invalid: the file is missing, or a line is no label; names the file and the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Invalid(f"{path} cannot be read as labels: {error}") from error
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found += [Labelled.model_validate_json(line)] if line.strip() else []
        except ValidationError as error:
            raise Invalid(f"{path}, line {number}, is no label: {error.errors()[0]['msg']}") from error
    return found
