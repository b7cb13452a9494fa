"""Small random models in sentence-transformers' own format, made on the spot: no network."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

WORDS = (
    "the committee met on tuesday who asked for report budget was never published she said "
    "no one answered letters until may bridge closed after rain reading ##s ##ed ##ing ##er "
    "query passage : . , ? ! a e i o u t r s n l d ##a ##e ##i ##o ##t ##r ##s ##n"
).split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
MAX_TOKENS = 24
HIDDEN = 32


def make_model(
    folder: Path,
    *,
    pooling: str | tuple[str, ...] = "mean",
    include_prompt: bool = True,
    layers: tuple[Any, ...] = (),
    prompts: dict[str, str] | None = None,
    padding_side: str = "right",
    seed: int = 0,
) -> Path:
    """A two-layer BERT with random weights, a pooling, and `layers` after it; returns `folder`."""
    with warnings.catch_warnings():
        # torch and transformers warn of their own deprecations while they are imported.
        warnings.simplefilter("ignore")
        import torch
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
        from transformers import BertConfig, BertModel, BertTokenizerFast

        torch.manual_seed(seed)
        base = folder.with_name(folder.name + "-base")
        base.mkdir(parents=True)
        vocabulary = base / "vocab.txt"
        vocabulary.write_text("\n".join([*SPECIAL, *dict.fromkeys(WORDS)]) + "\n", encoding="utf-8")
        config = BertConfig(
            vocab_size=len(SPECIAL) + len(dict.fromkeys(WORDS)),
            hidden_size=HIDDEN,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=64,
            max_position_embeddings=MAX_TOKENS + 8,
            # Large enough for random layers to tell texts apart.
            initializer_range=0.5,
        )
        BertModel(config).save_pretrained(base)
        BertTokenizerFast(vocab=str(vocabulary), padding_side=padding_side).save_pretrained(base)
        transformer = Transformer(str(base), max_seq_length=MAX_TOKENS)
        head = Pooling(HIDDEN, pooling_mode=pooling, include_prompt=include_prompt)
        model = SentenceTransformer(
            modules=[transformer, head, *layers], prompts=prompts, device="cpu"
        )
        model.save(str(folder), create_model_card=False)
    return folder
