"""The pipeline that imported deals stand in: stages in their natural order, won and lost told from names."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from sqlalchemy import Connection, select

from crm_core.models import Pipeline, Stage, StageKind
from crm_core.titles import same_title, tight
from crm_core.transfer.mapping import PipelineMap, StageMap
from crm_core.transfer.text import header_words, headers

_WON = re.compile(r"\b(won|win)\b|赢单|已成交|已签约")
_LOST = re.compile(r"\b(lost|dead|disqualified|abandoned)\b|输单|丢单|失单|流失|战败")
_SUBJECT = re.compile(r"\b(order|contract|agreement|deal|lease|project|opportunity|closed)\b|合同|订单|项目")
DEFAULT_OPEN, DEFAULT_WON, DEFAULT_LOST = "Open", "Won", "Lost"


@dataclass(frozen=True)
class KnownPipeline:
    """A pipeline of the store."""

    id: int
    name: str
    stages: tuple[StageMap, ...]


def load_pipelines(connection: Connection) -> list[KnownPipeline]:
    """The store's pipelines with their stages in order."""
    stages: dict[int, list[StageMap]] = {}
    query = select(Stage.pipeline_id, Stage.name, Stage.kind, Stage.probability_pct).where(Stage.deleted_at.is_(None))
    for row in connection.execute(query.order_by(Stage.position, Stage.id)):
        stage = StageMap(name=row.name, kind=StageKind(row.kind), probability_pct=row.probability_pct)
        stages.setdefault(row.pipeline_id, []).append(stage)
    found = connection.execute(
        select(Pipeline.id, Pipeline.name).where(Pipeline.deleted_at.is_(None)).order_by(Pipeline.id)
    )
    return [KnownPipeline(row.id, row.name, tuple(stages.get(row.id, ()))) for row in found]


def choose_pipeline(
    names: Sequence[str],
    known: Iterable[KnownPipeline],
    *,
    file_stem: str,
    about: str = "",
    told: Mapping[str, StageKind] | None = None,
) -> PipelineMap:
    """The store's pipeline that has at least half of these stages, otherwise a new one made of them.

    Args:
        names: stages as they stand in the file, in the order seen.
        known: the store's pipelines.
        file_stem: what a new one is called after.
        about: what a data dictionary says of the stage column.
        told: outcomes of stages whose names say none.
    """
    plain = {same_title(name) for name in names}
    best = max(known, key=lambda p: len(plain & {same_title(s.name) for s in p.stages}), default=None)
    if best is not None and (not names or 2 * len(plain & {same_title(s.name) for s in best.stages}) >= len(plain)):
        return PipelineMap(name=best.name, stages=list(best.stages))
    title = header_words(file_stem).capitalize() or "Sales"
    return PipelineMap(name=title, stages=order_stages(names, about, told or {}))


def order_stages(
    names: Sequence[str], about: str = "", told: Mapping[str, StageKind] = MappingProxyType({})
) -> list[StageMap]:
    """Stages in natural order with kinds and rising probabilities; a pipeline has each kind at least once.

    The order is the one that the data dictionary writes down ("Prospecting > Engaging > Won"), else numbers in
    the names, else the usual order of sales stages, else the order seen.
    """
    unique = list({same_title(name): name.strip() for name in reversed(names)}.values())[::-1]
    kinds = {name: told.get(name) or stage_kind(name) for name in unique}
    opened = sorted((n for n in unique if kinds[n] is StageKind.OPEN), key=_sorter(unique, about))
    opened = opened or [DEFAULT_OPEN]
    step = 100 / (len(opened) + 1)
    stages = [StageMap(name=name, probability_pct=5 * round(step * (i + 1) / 5)) for i, name in enumerate(opened)]
    for kind, name, chance in ((StageKind.WON, DEFAULT_WON, 100), (StageKind.LOST, DEFAULT_LOST, 0)):
        own = [n for n in unique if kinds[n] is kind] or [name]
        stages += [StageMap(name=n, kind=kind, probability_pct=chance) for n in own]
    return stages


def stage_kind(name: str) -> StageKind:
    """Whether a stage of this name is open, won or lost, in English or Chinese."""
    plain = " ".join(re.sub(r"[\W_]+", " ", name.casefold()).split())
    for kind in (StageKind.WON, StageKind.LOST):
        if plain in _kind_words(kind) or tight(name) in _kind_words(kind):
            return kind
    if _LOST.search(plain):
        return StageKind.LOST
    if _WON.search(plain):
        return StageKind.WON
    bare = _SUBJECT.sub("", plain).strip()  # "Contract Signed", "Project cancelled"
    return stage_kind(bare) if bare and bare != plain else StageKind.OPEN


def is_step(name: str) -> bool:
    """Whether it is called as a step that deals take, or as a pause on the way: "Proposal", "On hold"."""
    words = re.sub(r"[\W_]+", " ", name.casefold())
    return _rank(words.strip()) is not None or any(f" {word} " in f" {words} " for word in headers()["pauses"])


def are_outcomes(values: Iterable[str]) -> bool:
    """Whether these are the ways a deal can stand, and not the steps it takes: open, won, lost."""
    plain = {" ".join(value.casefold().split()) for value in values}
    ended = {kind for value in plain if (kind := stage_kind(value)) is not StageKind.OPEN}
    return bool(ended) and all(v in _kind_words(StageKind.OPEN) or stage_kind(v) in ended for v in plain)


def looks_like_stages(values: Iterable[str]) -> bool:
    """Whether most of these values are names of sales stages, some of them final."""
    plain = [" ".join(value.casefold().split()) for value in values]
    known = sum(1 for v in plain if v in _ranks() or stage_kind(v) is not StageKind.OPEN)
    final = any(stage_kind(value) is not StageKind.OPEN for value in plain)
    return bool(plain) and len(plain) <= 25 and final and known * 2 >= len(plain)


def _sorter(seen: Sequence[str], about: str) -> "_Order":
    return _Order(seen, about)


class _Order:
    """A sort key for open stages."""

    def __init__(self, seen: Sequence[str], about: str) -> None:
        self._seen = {name: i for i, name in enumerate(seen)}
        written = [same_title(part) for part in re.split(r"\s*(?:[>→/,;()]|->|、|，)\s*", about)]
        self._written = {part: i for i, part in enumerate(written) if part}
        opened = [name for name in seen if stage_kind(name) is StageKind.OPEN]
        self._use_written = all(same_title(name) in self._written for name in opened)
        self._use_numbers = all(re.match(r"\s*\d+", name) for name in opened)
        self._use_ranks = all(_rank(name) is not None for name in opened)

    def __call__(self, name: str) -> float:
        if self._use_written:
            return self._written[same_title(name)]
        if self._use_numbers:
            number = re.match(r"\s*(\d+)", name)
            return float(number[1]) if number else 0.0
        rank = _rank(name) if self._use_ranks else None
        return float(rank) if rank is not None else self._seen[name]


def _rank(name: str) -> int | None:
    plain = " ".join(name.casefold().split())
    return _ranks().get(plain, _ranks().get(re.sub(r"^\d+[.)\s-]*", "", plain)))


@cache
def _ranks() -> dict[str, int]:
    return {word: i for i, words in enumerate(headers()["stages"]) for word in words}


@cache
def _kind_words(kind: StageKind) -> frozenset[str]:
    words = headers()["values"]["stage.kind"][kind]
    return frozenset(words) | {word.replace(" ", "") for word in words}
