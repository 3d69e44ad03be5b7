"""Fit the weights of ``mapper/events/role_model.npz``: which names are the places of a verb's event.

    python -m scripts.fit_roles CORPUS.jsonl

Needs torch (2.13, CPU is enough), which the program itself does not. The same corpus gives the same weights.
What is stored is numbers for categories of grammar, closed word lists and vectors: no text.
"""

from __future__ import annotations

import argparse
import io
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

if __name__ == "__main__" and not __package__:
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import torch
from torch import nn

from benchmarks.verb_places import read, tokens
from mapper.events import roles
from mapper.events.role_features import NUMBERS, VECTORS, WIDTH, encode, sizes

WEIGHTS = Path(roles.__file__).with_name("role_model.npz")
NETWORKS = 3
EPOCHS, RATE, BATCH, DECAY = 18, 3e-3, 64, 0.02
HIDDEN, EMBEDDING, PROJECTION = 64, 6, 16


class Network(nn.Module):
    """The network that ``roles._network`` runs, with dropout for fitting."""

    def __init__(self) -> None:
        super().__init__()
        self.counts = sizes()
        self.offsets = torch.tensor(np.cumsum([0, *self.counts[:-1]]))
        self.E = nn.Embedding(sum(self.counts), EMBEDDING)
        nn.init.normal_(self.E.weight, 0, 0.3)
        self.P = nn.ModuleList([nn.Linear(WIDTH, PROJECTION) for _ in range(VECTORS)])
        self.a = nn.Linear(len(self.counts) * EMBEDDING + NUMBERS + PROJECTION * (VECTORS + 3), HIDDEN)
        self.na = nn.LayerNorm(HIDDEN)
        self.b = nn.Linear(HIDDEN * 3, HIDDEN)
        self.o = nn.Linear(HIDDEN, 1)
        self.drop, self.drop_vector = nn.Dropout(0.4), nn.Dropout(0.3)

    def forward(self, cats: Any, nums: Any, vecs: Any, mask: Any) -> Any:
        """Return logits (rows x names)."""
        rows, names, kinds = cats.shape
        e = self.E(cats + self.offsets)
        if self.training:
            e = e * (torch.rand(rows, names, kinds, 1) > 0.15).float()
        v = [
            torch.tanh(p(self.drop_vector(vecs[:, :, i * WIDTH : (i + 1) * WIDTH] * 0.3)))
            for i, p in enumerate(self.P)
        ]
        seen = [e.reshape(rows, names, -1), nums, *v, v[0] * v[2], v[1] * v[2], v[0] * v[1]]
        h = self.na(torch.relu(self.a(self.drop(torch.cat(seen, -1)))))
        there = mask[:, :, None]
        apart = (h - 1e3 * (1 - there))[:, None] - 1e3 * torch.eye(names)[None, :, :, None]
        others = apart.max(2)[0].clamp(min=-5)
        mean = (h * there).sum(1, keepdim=True) / there.sum(1, keepdim=True)
        h = torch.cat([h, others, mean.expand(-1, names, -1)], -1)
        return self.o(self.drop(torch.relu(self.b(self.drop(h)))))[:, :, 0]


def _batch(rows: Sequence[dict[str, Any]]) -> list[Any]:
    """Return padded categories, numbers, vectors, mask and answers."""
    count, most = len(rows), max(len(r["names"]) for r in rows)
    shapes = [(count, most, len(sizes())), (count, most, NUMBERS), (count, most, WIDTH * VECTORS)]
    cats, nums, vecs = (np.zeros(s, d) for s, d in zip(shapes, (np.int64, "f4", "f4"), strict=True))
    mask, answers = np.zeros((count, most), "f4"), np.zeros((count, most), "f4")
    for i, row in enumerate(rows):
        n, gold = len(row["names"]), tokens(row["gold"])
        if "features" not in row:
            row["features"] = encode(row["doc"], row["verb"], row["names"])
        cats[i, :n], nums[i, :n], vecs[i, :n] = row["features"]
        mask[i, :n] = 1
        for j, span in enumerate(row["names"]):
            shared = len(gold & set(range(span.start, span.end)))
            answers[i, j] = shared > 0 and shared * 2 >= len(span)
    return [torch.from_numpy(x) for x in (cats, nums, vecs, mask, answers)]


def fit(rows: Sequence[dict[str, Any]], seed: int) -> Network:
    """Return a network fitted on rows."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    data = _batch([r for r in rows if r["names"]])
    count, network = len(data[0]), Network()
    steps = EPOCHS * -(-count // BATCH)
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.2)
    network.train()
    for _ in range(EPOCHS):
        order = rng.permutation(count)
        for i in range(0, count, BATCH):
            cats, nums, vecs, mask, answers = (x[order[i : i + BATCH]] for x in data)
            k = int(mask.sum(1).max())
            logits = network(cats[:, :k], nums[:, :k], vecs[:, :k], mask[:, :k])
            loss = nn.functional.binary_cross_entropy_with_logits(logits, answers[:, :k], reduction="none")
            optimizer.zero_grad()
            ((loss * mask[:, :k]).sum() / len(mask)).backward()
            optimizer.step()
            schedule.step()
    return network.eval()


def predict(networks: Sequence[Network], rows: Sequence[dict[str, Any]]) -> list[list[float]]:
    """Return the probabilities of every row's names, by the mean of the networks' logits."""
    found: list[list[float]] = []
    with torch.no_grad():
        for row in rows:
            if not row["names"]:
                found.append([])
                continue
            cats, nums, vecs, mask, _ = _batch([row])
            logits = torch.stack([n(cats, nums, vecs, mask)[0] for n in networks]).mean(0)
            found.append(torch.sigmoid(logits).tolist())
    return found


def cross_validate(rows: Sequence[dict[str, Any]], folds: int, networks: int) -> list[list[float]]:
    """Return for every row the probabilities of networks that never saw its sentence."""
    scores: list[list[float]] = [[] for _ in rows]
    for k in range(folds):
        rest = [r for r in rows if r["fold"] % folds != k]
        here = [i for i, r in enumerate(rows) if r["fold"] % folds == k]
        fitted = [fit(rest, seed) for seed in range(networks)]
        for i, p in zip(here, predict(fitted, [rows[i] for i in here]), strict=True):
            scores[i] = p
    return scores


def save(networks: Sequence[Network], path: Path) -> None:
    """Write the weights as half-precision numbers: the same weights give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for seed, network in enumerate(networks):
            for name, value in sorted(network.state_dict().items()):
                stream = io.BytesIO()
                np.save(stream, value.numpy().astype(np.float16))
                entry = zipfile.ZipInfo(f"{seed}.{name}.npy", (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, stream.getvalue())


def main() -> None:
    """Fit on the whole corpus and write the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    rows = read(args.corpus)
    save([fit(rows, seed) for seed in range(NETWORKS)], args.output)
    print(f"{args.output}: {args.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
