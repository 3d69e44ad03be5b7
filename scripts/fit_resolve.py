"""Fit the weights of resolution on annotated texts; ``fit_scores.py`` then calibrates its scores.

    fit_resolve.py CORPUS.jsonl[:nodemonyms] ... [-o mapper/weights.json] [--cache FOLDER]

Every line of a corpus has "text" and "toponyms" with "start", "end", "lat", "lon" and perhaps "geonameid".
The choice among the candidates of a name is a conditional logit; the features of context are computed from
the choices that the weights of the round before make. Only numbers are written.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from fit_mentions import cached

from gazetteer.compile import ensure
from gazetteer.distance import great_circle_m
from gazetteer.store import Gazetteer
from mapper import language, mentions, resolve, resolve_candidates
from mapper.home import home_of
from mapper.resolve_features import CONTEXT, ContextFeatures, heard, statics
from mapper.resolve_heard import logit
from mapper.types import Mention

LEAST = 0.1
"""A choice less sure than this is left unresolved."""
L2 = 1.0
"""How strongly weights are held to their prior."""
NEAR_KM = 30.0
FAR_KM = 161.0
PRIOR = {
    "match=phonetic": -2.0, "match=fuzzy": -2.0, "dissimilar": -14.0, "doubt": -3.0,
    "constraint": 1.0, "home": 4.0, "peopled": 4.5,
    "asked_best": 4.0, "asked_other": 2.0, "asked_not": -1.5, "people_not_place": -6.0,
    "unasked_facility": -3.0, "population_gap": -6.0, "twin=region": -3.0,
    "dwarfed": -4.0, "not_built": -3.0, "us_state": 1.0, "but_for_city": 1.5,
    "beside_country": -5.0, "city_elsewhere": -6.0, "capital": 2.0, "capital_acts": 2.0,
    "near_in_text": 1.0, "near_in_sentence": 3.0, "near_in_list": 3.0, "local": 5.0, "small_afar": -4.0,
    "alike_in_list": 5.0, "inside": 6.0, "holds": 9.5,
    "heard_far": -4.0, "asked_seat": 2.5, "asked_not_heard": -3.0, "match=alternate": -1.0,
    "kind=alternate": -1.5, "kind=transliteration": -1.5, "exonym": 1.5,
}  # fmt: skip
HELD = 30.0
"""How much more strongly than others the weights of ``PRIOR`` are held to their prior."""
"""Weights that the corpora can hardly teach: most of their names are spelt well."""


class Case:
    """One document: the table of its groups and which candidates are right."""

    def __init__(self, parsed: language.Parsed, gold: list[dict[str, Any]], gazetteer: Gazetteer) -> None:
        found = mentions.find(parsed, gazetteer)
        self.groups = resolve_candidates.group(found, gazetteer)
        self.gold = gold
        self.home = home_of(parsed.document)
        self.table, self.p, _ = resolve.settle(self.groups, gazetteer, home=self.home)
        self.good = np.zeros(len(self.table.candidates))
        for g, entry in enumerate(self.table.groups):
            points = [t for m in entry.mentions for t in gold if _same(m, t) and t.get("lat") is not None]
            rows = np.flatnonzero(self.table.group == g)
            if points and len(rows):
                self._mark(rows, points[0])
        self.rows = list(statics(self.table))

    def _mark(self, rows: Any, t: dict[str, Any]) -> None:
        places = [self.table.candidates[i].place for i in rows]
        away = np.array([float(great_circle_m(p.lat, p.lon, t["lat"], t["lon"])) / 1000 for p in places])
        same = np.array([p.id == f"geonames:{t.get('geonameid')}" for p in places])
        for good in (same, away <= NEAR_KM, away <= FAR_KM):
            if good.any():
                self.good[rows[good]] = 1.0
                return


def _same(mention: Mention, t: dict[str, Any]) -> bool:
    return bool(mention.start == t["start"] and mention.end == t["end"])


def fit(cases: list[Case], l2: float, rounds: int = 4, without: str = "") -> dict[str, Any]:
    """Fit static and context weights together; the context is computed anew in every round.

    ``without`` leaves out the features whose names start so.
    """
    seen: dict[str, int] = {}
    for case in cases:
        for row in case.rows:
            for name in row:
                seen[name] = seen.get(name, 0) + 1
    static_names = sorted({n for n, k in seen.items() if k >= 5} | {n for n in PRIOR if n not in CONTEXT})
    names = [*static_names, *CONTEXT]
    prior = np.array([PRIOR.get(n, 0.0) for n in names])
    left_out = np.array([bool(without) and n.startswith(without) for n in names])
    prior[left_out] = 0.0
    ridge = np.array([l2 * (HELD if n in PRIOR else 1.0) for n in names]) + 1e9 * left_out
    w = prior.copy()
    fixed = [_matrix(case, static_names) for case in cases]
    for _ in range(rounds):
        blocks = [
            np.hstack([f, ContextFeatures(c.table, home=c.home)(c.p)])
            for f, c in zip(fixed, cases, strict=True)
        ]
        w = _newton(blocks, cases, w, prior, ridge)
        for f, case in zip(fixed, cases, strict=True):
            _settle(f, case, w, len(static_names))
    return {
        "static": {n: round(float(v), 4) for n, v in zip(static_names, w, strict=False)},
        "context": {n: round(float(v), 4) for n, v in zip(CONTEXT, w[len(static_names) :], strict=True)},
    }


def _settle(fixed: Any, case: Case, w: Any, n: int) -> None:
    features = ContextFeatures(case.table, home=case.home)
    case.p = resolve.softmax(fixed @ w[:n], case.table)
    for _ in range(resolve.ROUNDS if len(case.p) else 0):
        case.p = resolve.softmax(fixed @ w[:n] + features(case.p) @ w[n:], case.table)


def _matrix(case: Case, names: list[str]) -> Any:
    x = np.zeros((len(case.rows), len(names)))
    index = {n: i for i, n in enumerate(names)}
    for i, row in enumerate(case.rows):
        for name, value in row.items():
            if name in index:
                x[i, index[name]] = value
    return x


def _newton(blocks: list[Any], cases: list[Case], w: Any, prior: Any, ridge: Any) -> Any:
    """Maximise the likelihood that the right candidates together have, with a ridge to the prior."""
    groups = [
        (block[rows], case.good[rows], len(case.table.groups[g].mentions) ** 0.5)
        for block, case in zip(blocks, cases, strict=True)
        for g in range(len(case.table.groups))
        for rows in [np.flatnonzero(case.table.group == g)]
        if len(rows) > 1 and 0 < case.good[rows].sum() < len(rows)
    ]
    for _ in range(15):
        gradient = ridge * (w - prior)
        hessian = np.diag(ridge)
        for x, good, weight in groups:
            s = x @ w
            p = np.exp(s - s.max())
            p /= p.sum()
            q = p * good / max((p * good).sum(), 1e-12)
            gradient += weight * (x.T @ (p - q))
            centred = x - p @ x
            hessian += weight * (centred * p[:, None]).T @ centred
        step = np.linalg.solve(hessian, gradient)
        w = w - step * min(1.0, 3.0 / (np.abs(step).max() + 1e-9))
    return w


def ablate(cases: list[Case], l2: float) -> None:
    """Print how many names are right, fitted on one half and measured on the other, without each feature."""
    kinds = sorted({n.split("=")[0] for case in cases for row in case.rows for n in row})
    for without in ("", *kinds, *CONTEXT):
        right = total = 0
        for train, test in ((cases[0::2], cases[1::2]), (cases[1::2], cases[0::2])):
            fitted = fit(train, l2, rounds=3, without=without)
            names, w = (
                list(fitted["static"]),
                np.array([*fitted["static"].values(), *fitted["context"].values()]),
            )
            for case in test:
                _settle(_matrix(case, names), case, w, len(names))
                for g, entry in enumerate(case.table.groups):
                    rows = np.flatnonzero(case.table.group == g)
                    if len(rows) and case.good[rows].any():
                        total += len(entry.mentions)
                        right += len(entry.mentions) * bool(case.good[rows[np.argmax(case.p[rows])]])
        print(f"  without {without or 'nothing':16} {100 * right / max(total, 1):.2f}% of {total} names")


def answers(cases: list[Case]) -> tuple[Any, Any]:
    """Give the features of the score of every mention that can be judged, and whether its place is right."""
    x, y = [], []
    for case in cases:
        company = (
            resolve.company(ContextFeatures(case.table, home=case.home), case.p) if len(case.p) else case.p
        )
        for g, entry in enumerate(case.table.groups):
            rows = np.flatnonzero(case.table.group == g)
            if not len(rows):
                continue
            top = rows[np.argmax(case.p[rows])]
            if heard(case.table.candidates[top]):
                continue  # fit_heard.py judges these
            place = case.table.candidates[top].place
            for m in entry.mentions:
                over = [t for t in case.gold if t["start"] < m.end and m.start < t["end"]]
                if any(t.get("lat") is None or not t.get("gold", True) for t in over) or (
                    m.kind == "demonym" and not over
                ):
                    continue
                right = any(
                    float(great_circle_m(place.lat, place.lon, t["lat"], t["lon"])) <= FAR_KM * 1000
                    or place.id == f"geonames:{t.get('geonameid')}"
                    for t in over
                )
                x.append([1.0, logit(float(case.p[top])), logit(m.certainty), company[top]])
                y.append(float(right))
    return np.array(x), np.array(y)


def platt(a: Any, b: Any) -> dict[str, float]:
    """Fit the chance of being right on the choice's probability, recognition and company; print how it keeps.

    The printed table is of five folds, each read by a calibration fitted on the other four.
    """
    seen = np.zeros(len(b))
    for fold in range(5):
        out = np.arange(len(b)) % 5 == fold
        seen[out] = 1 / (1 + np.exp(-a[out] @ logistic(a[~out], b[~out])))
    for low in (0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95):
        high = {0.8: 0.9, 0.9: 0.95, 0.95: 1.01}.get(low, low + 0.2)
        inside = (seen >= low) & (seen < high)
        if inside.any():
            print(
                f"  score {low:.2f}-{min(high, 1):.2f}: {inside.sum():5d} mentions, mean score "
                f"{100 * seen[inside].mean():.0f}, {100 * b[inside].mean():.0f}% right"
            )
    w = logistic(a, b)
    return {
        "bias": round(w[0], 4),
        "probability": round(w[1], 4),
        "recognition": round(w[2], 4),
        "company": round(w[3], 4),
        "least": LEAST,
    }


def logistic(a: Any, b: Any) -> Any:
    w = np.zeros(a.shape[1])
    for _ in range(20):
        p = 1 / (1 + np.exp(-a @ w))
        ridge = 0.1 * np.eye(len(w))
        w = w - np.linalg.solve((a * (p * (1 - p))[:, None]).T @ a + ridge, a.T @ (p - b) + 0.1 * w)
    return w


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="+")
    parser.add_argument("-o", "--output", type=Path, default=Path("mapper/weights.json"))
    parser.add_argument("--l2", type=float, default=L2)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--ablate", action="store_true", help="measure every feature, write nothing")
    args = parser.parse_args()
    gazetteer = Gazetteer.open(ensure())
    if not args.output.is_file():
        args.output.write_text(json.dumps(blank()), encoding="utf-8")
    cases = []
    for entry in args.corpus:
        docs, parsed = cached(Path(entry.partition(":")[0]), args.cache)
        for doc, text in zip(docs, parsed, strict=True):
            gold = [t for t in doc["toponyms"] if t.get("gold", True)]
            cases.append(Case(text, gold, gazetteer))
    if args.ablate:
        ablate(cases, args.l2)
        return
    fitted = fit(cases, args.l2)
    fitted["calibration"] = json.loads(args.output.read_text(encoding="utf-8"))["calibration"]
    args.output.write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")


def blank() -> dict[str, Any]:
    """Give weights to start from."""
    return {
        "static": {"population": 6.0, "own_name": 1.0, "feature=country": 2.0},
        "context": dict.fromkeys(CONTEXT, 0.5),
        "calibration": {
            "bias": 0.0,
            "probability": 1.0,
            "recognition": 1.0,
            "company": 0.0,
            "least": LEAST,
        },
    }


if __name__ == "__main__":
    main()
