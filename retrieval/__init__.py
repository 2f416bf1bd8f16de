"""Search over text: documents in, passages out.

It knows texts, the keys they came from, words and vectors. It must not know what a deal or a rep is, who may read what
(it is handed the keys that may be looked at), nor any language model. It is handed transactions and commits nothing.
"""
