"""The pipeline that the deals of an import go to: the stages of all its files of deals."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from crm_core.models import StageKind
from crm_core.transfer.dictionary import Dictionary
from crm_core.transfer.endings import endings
from crm_core.transfer.mapping import OUTCOME, PipelineMap
from crm_core.transfer.outcomes import outcomes
from crm_core.transfer.pipeline import choose_pipeline, load_pipelines, stage_kind
from crm_core.transfer.profile import Profile
from crm_core.transfer.text import header_words

if TYPE_CHECKING:
    from crm_core.transfer.plan import FilePlan


def pipeline_of(
    connection: Connection, files: Sequence["FilePlan"], dictionary: Dictionary
) -> tuple[PipelineMap | None, list[str]]:
    """The pipeline, None where no file needs one, and notes for a person.

    Args:
        connection: to the store, whose pipelines are used where they fit.
        files: of this import.
        dictionary: what is said of their columns.
    """
    users = [plan for plan in files if plan.entity in ("deal", "stage", "stage_change")]
    if not users:
        return None, []
    known = load_pipelines(connection)
    columns = {plan.name: _stage_column(plan) for plan in users if plan.entity == "deal"}
    notes = [
        f"{name} says no stage: its deals stand in the first open one." for name, c in columns.items() if c is None
    ]
    told = [(plan, column) for plan in users if (column := columns.get(plan.name)) is not None]
    if not told:
        return choose_pipeline([], known, file_stem="sales"), notes
    names: list[str] = []
    kinds: dict[str, StageKind] = {}
    for plan, column in told:
        own, ended, said = _stages(plan, column)
        names, kinds, notes = names + own, {**ended, **kinds}, notes + said
    first, column = told[0]
    stem = Path(first.name).stem
    about = dictionary.find(stem, column.header)
    chosen = choose_pipeline(names, known, file_stem=_pipeline_stem(stem), about=about, told=kinds)
    if chosen.name not in [pipeline.name for pipeline in known]:
        stages = ", ".join(f"{stage.name} ({stage.kind})" for stage in chosen.stages)
        notes.append(f"A pipeline {chosen.name!r} is made with the stages {stages}.")
    return chosen, notes


def _stages(deals: "FilePlan", column: Profile) -> tuple[list[str], dict[str, StageKind], list[str]]:
    """The stages in a file of deals, how those end whose names say nothing, and notes."""
    at = {field: index for index, field in deals.targets().items()}
    names, kinds = [v.strip() for v in column.distinct], outcomes(deals.profile, at)
    if OUTCOME not in at:
        kinds |= endings(deals.profile, column.index, kinds)
    notes = [f"{deals.name}: stage {name!r} is taken as {kind}: the data tells." for name, kind in kinds.items()]
    if OUTCOME not in at and StageKind.WON not in {kinds.get(name) or stage_kind(name) for name in names}:
        notes.append(
            f"{deals.name}: no value of {column.header} says that a deal is won; if one does, give that stage "
            "`kind: won` under `pipeline` in the map, and import with --map."
        )
    if OUTCOME in at:
        ended = deals.profile.columns[at[OUTCOME]]
        names += [v.strip() for v in ended.distinct if stage_kind(v) is not StageKind.OPEN]
        notes.append(
            f"{deals.name}: {ended.header} says which deals have ended; these stand in its stages, "
            f"and {column.header} counts for the open ones."
        )
    return names, kinds, notes


def _stage_column(deals: "FilePlan") -> Profile | None:
    at = next((index for index, field in deals.targets().items() if field == "stage"), None)
    return deals.profile.columns[at] if at is not None else None


def _pipeline_stem(stem: str) -> str:
    words = header_words(stem)
    return stem if "pipeline" in words or "销售" in words else "sales pipeline"
