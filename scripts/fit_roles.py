"""Fit the weights of ``mapper/events/role_model.npz``: which names are the places of a verb's event.

    python -m scripts.fit_roles CORPUS.jsonl

Every network has two answers for a name: would the corpus's annotators mark it, and does a careful reader say
that the event took place there (``scripts/role_readings.py``). The program asks the second; the first is for
comparison with what was published on the corpus. Needs torch (2.13, CPU is enough), which the program itself
does not, and the gazetteer. The same corpus and gazetteer give the same weights. What is stored is numbers
for categories of grammar, closed word lists and vectors: no text.
"""

from __future__ import annotations

import argparse
import io
import sys
import zipfile
from collections.abc import Iterator, Sequence
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
from mapper.events.role_vectors import DIMENSIONS, SIDES
from scripts import role_readings

WEIGHTS = Path(roles.__file__).with_name("role_model.npz")
NETWORKS = 4
EPOCHS, RATE, BATCH, DECAY = 18, 3e-3, 64, 0.02
HIDDEN, EMBEDDING, PROJECTION, MEANING = 64, 6, 16, 12
MUTE = 0.35
"""The share of the words around whose meaning a network does not see; every second network sees none."""
BLIND = 0.08
"""The share of rows of which the networks see no fact, so that they can do without."""


class Network(nn.Module):
    """The network that ``roles._logits`` runs, with dropout for fitting."""

    def __init__(self, mute: float) -> None:
        super().__init__()
        self.mute = mute
        self.counts = sizes()
        self.offsets = torch.tensor(np.cumsum([0, *self.counts[:-1]]))
        self.E = nn.Embedding(sum(self.counts), EMBEDDING)
        nn.init.normal_(self.E.weight, 0, 0.3)
        self.P = nn.ModuleList([nn.Linear(WIDTH, PROJECTION) for _ in range(VECTORS)])
        self.M = nn.ModuleList([nn.Linear(DIMENSIONS, MEANING) for _ in range(SIDES)])
        width = len(self.counts) * EMBEDDING + NUMBERS + PROJECTION * (VECTORS + 3) + MEANING * (SIDES + 2)
        self.a = nn.Linear(width, HIDDEN)
        self.na = nn.LayerNorm(HIDDEN)
        self.b = nn.Linear(HIDDEN * 5, HIDDEN)
        self.o = nn.Linear(HIDDEN, len(roles.ANSWERS))
        self.drop, self.drop_vector = nn.Dropout(0.4), nn.Dropout(0.3)

    def forward(self, cats: Any, nums: Any, vecs: Any, counts: Any) -> Any:
        """Return the logits of all names (names x answers); ``counts`` says how many names each row has."""
        total = len(cats)
        e = self.E(cats + self.offsets)
        if self.training:
            e = e * (torch.rand(total, len(self.counts), 1) > 0.15).float()
        v = [
            torch.tanh(p(self.drop_vector(vecs[:, i * WIDTH : (i + 1) * WIDTH] * 0.3)))
            for i, p in enumerate(self.P)
        ]
        meant = vecs[:, VECTORS * WIDTH :].reshape(total, SIDES, DIMENSIONS)
        if self.training:
            meant = meant * (torch.rand(total, SIDES, 1) > self.mute).float()
        m = [torch.tanh(p(self.drop_vector(meant[:, i] * 0.5))) for i, p in enumerate(self.M)]
        seen = [e.reshape(total, -1), nums, *v, v[0] * v[2], v[1] * v[2], v[0] * v[1]]
        seen += [*m, m[0] * m[1], m[0] * m[2]]
        h = self.na(torch.relu(self.a(self.drop(torch.cat(seen, -1)))))
        h = torch.cat([h, *self.company(h, counts)], -1)
        return self.o(self.drop(torch.relu(self.b(self.drop(h)))))

    def company(self, h: Any, counts: Any) -> list[Any]:
        """Return the best of the others, the mean of the row, and the names before and after."""
        rows, most = len(counts), int(counts.max())
        row = torch.repeat_interleave(torch.arange(rows), counts)
        column = torch.arange(len(h)) - torch.repeat_interleave(counts.cumsum(0) - counts, counts)
        padded = torch.full((rows, most, HIDDEN), -1e3).index_put((row, column), h)
        others = torch.full_like(h, -5.0)
        if most > 1:
            best, where = padded.topk(2, 1)
            own = where[:, 0][row] == column[:, None]
            others = torch.where(own, best[:, 1][row], best[:, 0][row]).clamp(min=-5)
        mean = (torch.zeros(rows, HIDDEN).index_add(0, row, h) / counts[:, None])[row]
        nothing = torch.zeros(1, HIDDEN)
        first, last = (column == 0)[:, None], (column + 1 == counts[row])[:, None]
        before = torch.cat([nothing, h[:-1]]).masked_fill(first, 0)
        after = torch.cat([h[1:], nothing]).masked_fill(last, 0)
        return [others, mean, before, after]


def features(rows: Sequence[dict[str, Any]]) -> None:
    """Add to every row what the networks see of its names, with and without the facts, and the answers.

    An answer (names x answers) is 0, 1 or, where nobody gave it, not a number.
    """
    for row in rows:
        if "features" in row or not row["names"]:
            continue
        blind = [None] * len(row["names"])
        row["features"] = encode(row["doc"], row["verb"], row["names"], row["facts"])
        row["blind"] = encode(row["doc"], row["verb"], row["names"], blind)
        row["answers"] = np.full((len(row["names"]), len(roles.ANSWERS)), np.nan, np.float32)
        if "gold" in row:
            gold = tokens(row["gold"])
            row["answers"][:, 0] = [
                len(gold & set(range(s.start, s.end))) * 2 >= len(s) for s in row["names"]
            ]
        if row.get("read") is not None:
            row["answers"][:, 1] = row["read"]


def _batches(
    rows: Sequence[dict[str, Any]], order: Sequence[int], rng: Any = None
) -> Iterator[tuple[list[Any], Any]]:
    """Yield the inputs of the network, and the answers, for some rows at a time."""
    for i in range(0, len(order), BATCH):
        some = [rows[k] for k in order[i : i + BATCH]]
        seen = ["blind" if rng is not None and rng.random() < BLIND else "features" for _ in some]
        arrays = [np.concatenate([r[key][j] for r, key in zip(some, seen, strict=True)]) for j in range(3)]
        counts = torch.tensor([len(r["names"]) for r in some])
        answers = torch.from_numpy(np.concatenate([r["answers"] for r in some]))
        yield [*(torch.from_numpy(x) for x in arrays), counts], answers


class Fitted:
    """Networks whose logits are averaged, and how their numbers are scaled."""

    def __init__(self, rows: Sequence[dict[str, Any]], networks: int) -> None:
        features(rows)
        rows = [r for r in rows if r["names"]]
        numbers = np.concatenate([r["features"][1] for r in rows])
        self.mean = numbers.mean(axis=0)
        self.scale = 0.5 / (numbers.std(axis=0) + 1e-3)
        # as they will be stored, so that what is measured is what ships
        self.mean, self.scale = (x.astype(np.float16).astype(np.float32) for x in (self.mean, self.scale))
        self.networks = [self._fit(rows, seed) for seed in range(networks)]

    def _scaled(self, inputs: list[Any]) -> list[Any]:
        cats, nums, vecs, counts = inputs
        return [cats, torch.from_numpy(roles.scaled(nums.numpy(), self.mean, self.scale)), vecs, counts]

    def _fit(self, rows: Sequence[dict[str, Any]], seed: int) -> Network:
        torch.manual_seed(seed)
        torch.set_num_threads(1)
        rng = np.random.default_rng(seed)
        deaf = bool(seed % 2)
        network = Network(1.0 if deaf else MUTE)
        steps = EPOCHS * -(-len(rows) // BATCH)
        optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.2)
        network.train()
        for _ in range(EPOCHS):
            for inputs, answers in _batches(rows, list(rng.permutation(len(rows))), rng):
                logits = network(*self._scaled(inputs))
                given = ~answers.isnan()
                loss = nn.functional.binary_cross_entropy_with_logits(
                    logits[given], answers[given], reduction="sum"
                )
                optimizer.zero_grad()
                (loss / len(inputs[3])).backward()
                optimizer.step()
                schedule.step()
        for layer in network.M if deaf else ():
            nn.init.zeros_(layer.weight)
        return network.eval()

    def predict(self, rows: Sequence[dict[str, Any]]) -> list[list[list[float]]]:
        """Return the probabilities of every row's names, a list for each of ``roles.ANSWERS``."""
        features(rows)
        full = [i for i, r in enumerate(rows) if r["names"]]
        found: list[list[list[float]]] = [[[] for _ in roles.ANSWERS] for _ in rows]
        with torch.no_grad():
            logits = []
            for inputs, _ in _batches([rows[i] for i in full], range(len(full))):
                seen = self._scaled(inputs)
                logits.append(torch.stack([n(*seen) for n in self.networks]).mean(0))
            values = iter(torch.sigmoid(torch.cat(logits)).tolist())
        for i in full:
            found[i] = [
                list(column) for column in zip(*(next(values) for _ in rows[i]["names"]), strict=True)
            ]
        return found

    def save(self, path: Path) -> None:
        """Write the weights as half-precision numbers: the same weights give the same bytes."""
        arrays = {"all.mean": self.mean, "all.scale": self.scale}
        for seed, network in enumerate(self.networks):
            for name, value in network.state_dict().items():
                arrays[f"{seed}.{name}"] = value.numpy()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, value in sorted(arrays.items()):
                stream = io.BytesIO()
                np.save(stream, value.astype(np.float16))
                entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, stream.getvalue())


def cross_validate(rows: Sequence[dict[str, Any]], folds: int, networks: int) -> list[list[list[float]]]:
    """Return for every row the probabilities of networks that never saw its sentence, as ``predict``."""
    scores: list[list[list[float]]] = [[] for _ in rows]
    for k in range(folds):
        fitted = Fitted([r for r in rows if r["fold"] % folds != k], networks)
        here = [i for i, r in enumerate(rows) if r["fold"] % folds == k]
        for i, p in zip(here, fitted.predict([rows[i] for i in here]), strict=True):
            scores[i] = p
    return scores


def main() -> None:
    """Fit on the whole corpus and write the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    rows = read(args.corpus)
    fitted = Fitted([*rows, *role_readings.add(rows)], NETWORKS)
    fitted.save(args.output)
    print(f"{args.output}: {args.output.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
