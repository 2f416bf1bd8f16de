"""Stages that end a deal where no name and no closing day says so: by probabilities, and by how old deals are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from statistics import quantiles

from crm_core.models import Kind, StageKind
from crm_core.transfer.dates import find_order, parse_date
from crm_core.transfer.kinds import custom_kind
from crm_core.transfer.numbers import parse_number
from crm_core.transfer.pipeline import is_step, stage_kind
from crm_core.transfer.profile import FileProfile, Profile
from crm_core.transfer.text import full_words, headers, is_missing

_LEAST = 5  # deals of a stage, before their ages mean something
_FULL = 0.95
_DAYS = (Kind.DATE, Kind.DATETIME)


def endings(profile: FileProfile, stage: int, known: Mapping[str, StageKind]) -> dict[str, StageKind]:
    """Further stages that end a deal, and how; `known` are told already, names or otherwise.

    All deals of a won stage have a chance of 100, all of a lost one a chance of 0, where the others lie between. Else,
    where lost stages are known and no won one: the only stage whose deals are as old as lost ones, while those of all
    others are young, as deals that are still going on are. Stages that are called a step of sales, or a pause, are not.

    Args:
        profile: a file of deals.
        stage: position of the stage.
        known: outcomes by stage, as names and other columns tell.
    """
    kinds = {v.strip(): known.get(v.strip()) or stage_kind(v) for v in profile.columns[stage].distinct}
    quiet = [name for name, kind in kinds.items() if kind is StageKind.OPEN]
    found = {name: kind for name, kind in _by_chance(profile, stage).items() if name in quiet}
    ended = {kind for kind in {**kinds, **found}.values() if kind is not StageKind.OPEN}
    if ended == {StageKind.LOST}:
        lost = [name for name, kind in {**kinds, **found}.items() if kind is StageKind.LOST]
        found |= _by_age(profile, stage, lost, [name for name in quiet if name not in found])
    return found


def _by_chance(profile: FileProfile, stage: int) -> dict[str, StageKind]:
    column = next((c for c in profile.columns if _is_chance(c)), None)
    if column is None:
        return {}
    chances: dict[str, set[float]] = defaultdict(set)
    for cells in _rows(profile):
        if not is_missing(cells[stage]) and not is_missing(cells[column.index]):
            with suppress(ValueError):
                chances[cells[stage].strip()].add(float(parse_number(cells[column.index])))
    most = 1.0 if max((max(told) for told in chances.values()), default=0) <= 1 else 100.0
    between = any(0 < chance < most for told in chances.values() for chance in told)
    ends = {most: StageKind.WON, 0.0: StageKind.LOST}
    found = {name: ends[min(told)] for name, told in chances.items() if len(told) == 1 and min(told) in ends}
    return found if between else {}


def _is_chance(column: Profile) -> bool:
    words = full_words(column.header)
    return column.share(Kind.DECIMAL) >= _FULL and any(
        f" {word} " in f" {words} " if word.isascii() else word in words for word in headers()["chances"]
    )


def _by_age(profile: FileProfile, stage: int, lost: Sequence[str], quiet: Sequence[str]) -> dict[str, StageKind]:
    days = next((c for c in profile.columns if _is_full_day(profile, c)), None)
    if days is None:
        return {}
    order = find_order(days.distinct)[0]
    ages: dict[str, list[date]] = defaultdict(list)
    for cells in _rows(profile):
        with suppress(ValueError):
            ages["" if cells[stage].strip() in lost else cells[stage].strip()].append(
                parse_date(cells[days.index], order)
            )
    if len(ages[""]) < _LEAST:
        return {}
    middle = sorted(ages[""])[len(ages[""]) // 2]
    old = [name for name in quiet if len(ages[name]) >= _LEAST and _early(ages[name]) <= middle]
    young = all(_early(ages[name]) > middle for name in quiet if name not in old and len(ages[name]) > 1)
    telling = len(old) == 1 and young and len(quiet) > 1 and not is_step(old[0])
    return {old[0]: StageKind.WON} if telling else {}


def _early(days: Sequence[date]) -> date:
    """The day that three quarters of them come after."""
    return date.fromordinal(int(quantiles([day.toordinal() for day in days], n=4)[0]))


def _is_full_day(profile: FileProfile, column: Profile) -> bool:
    rows = profile.rows - profile.unreadable
    return column.filled >= _FULL * rows and custom_kind(column) in _DAYS


def _rows(profile: FileProfile) -> list[list[str]]:
    return [row.cells for row in profile.source.rows() if row.problem is None]
