"""Columns that know the outcome because they were written after it.

Such a column shines on the history and is empty on the record that one wants to score.

Refused is a column that is given (or empty) nearly only for one outcome, one that sorts too well alone, and one whose
name says that it is written afterwards when it also sorts noticeably. A good column has neither: it leaves doubt.
"""

import re
from collections.abc import Sequence

import numpy as np

from crm_core.scoring.encode import Encoded
from crm_core.scoring.evidence import alone, auc_alone, counts
from crm_core.scoring.feature import Codes, Feature, Floats
from crm_core.scoring.measures import Truth, auc
from crm_core.scoring.values import words

_SURE = 13.0  # log of how unlikely such purity would be by chance: about 1 in 400,000
_FEWEST = 12  # rows from which a group is judged
_FILLED_FOR_ONE = 0.05  # the other outcome is at most this share of its usual share among the rows
_PURE = 0.1  # ... and in a bin that counts as pure
_PURE_ROWS = 0.25  # share of rows in pure bins that no honest column has
_FILLED_AUC, _PURE_AUC, _TOO_GOOD, _NO_DOUBT, _NAMED = 0.85, 0.8, 0.9, 0.97, 0.53


def find_leaks(
    features: Sequence[Feature], encoded: Encoded, truth: Truth, *, trusted: frozenset[str] = frozenset()
) -> dict[str, str]:
    """The features to refuse: name → why. `trusted` are known to stand before the outcome."""
    columns = {feature.name: (feature, encoded.codes[:, at]) for at, feature in enumerate(features)}
    sorts = {name: auc_alone(codes, truth, one.bins) for name, (one, codes) in columns.items()}
    found: dict[str, str] = {}
    for name in sorted(sorts, key=lambda name: -sorts[name]):
        feature, codes = columns[name]
        if name in trusted:
            continue
        why = _filled_for_one(codes, truth) or _named(name, sorts[name]) or _pure(feature, codes, truth, sorts[name])
        if not why and sorts[name] >= _TOO_GOOD:
            rest = [columns[other] for other in columns if other not in found and sorts[other] < sorts[name]]
            why = _too_good(sorts[name], rest, truth)
        if why:
            found[name] = why
    return found


def _filled_for_one(codes: Codes, truth: Truth) -> str:
    given = codes > 0
    for rows, said in ((given, "given"), (~given, "empty")):
        if rows.sum() < _FEWEST or rows.all():
            continue
        for outcome, name in ((truth, "good"), (~truth, "bad")):
            if _is_pure(int(rows.sum()), int((rows & ~outcome).sum()), float((~outcome).mean()), _FILLED_FOR_ONE):
                return f"it is {said} (nearly) only where the outcome is {name}: {outcome[rows].mean():.1%} of its rows"
    flag = auc(truth, given.astype(float))
    if max(flag, 1 - flag) >= _FILLED_AUC:
        return "whether it is given tells the outcome"
    return ""


def _is_pure(rows: int, others: int, usual: float, at_most: float) -> bool:
    """Whether `others` of `rows` is far less than the `usual` share, and not by chance (Chernoff's bound)."""
    share = others / rows
    if share > at_most * usual:
        return False
    gain = share * np.log(share / usual) if others else 0.0
    return bool(rows * (gain + (1 - share) * np.log((1 - share) / (1 - usual))) >= _SURE)


def _named(name: str, sorts: float) -> str:
    said = " " + re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)).lower() + " "
    hit = next(
        (word for word in sorted(words("after")) if f" {word} " in said or (not word.isascii() and word in said)), ""
    )
    return (
        f"its name ({hit!r}) says that it is written after the outcome, and it sorts by it"
        if hit and sorts >= _NAMED
        else ""
    )


def _pure(feature: Feature, codes: Codes, truth: Truth, sorts: float) -> str:
    if sorts < _PURE_AUC:
        return ""
    good, bad = counts(codes, truth, feature.bins)
    rate = float(truth.mean())
    pure = [
        rows
        for rows, won, lost in zip(good + bad, good, bad, strict=True)
        if rows >= _FEWEST
        and (_is_pure(int(rows), int(won), rate, _PURE) or _is_pure(int(rows), int(lost), 1 - rate, _PURE))
    ]
    share = sum(pure) / len(codes)
    return f"it leaves no doubt for {share:.0%} of the rows" if share >= _PURE_ROWS else ""


def _too_good(sorts: float, rest: Sequence[tuple[Feature, Codes]], truth: Truth) -> str:
    others: Floats = (
        np.sum([alone(codes, truth, one.bins) for one, codes in rest], axis=0) if rest else np.zeros(len(truth))
    )
    all_others = auc(truth, others)
    if sorts >= _NO_DOUBT or 1 - sorts <= (1 - all_others) / 2:
        return f"it alone sorts far too well (AUC {sorts:.3f}; all others together {all_others:.3f})"
    return ""
