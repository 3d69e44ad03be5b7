"""Sentences with gold events: extend ``tests/data/events_gold.txt``, not this file."""

from __future__ import annotations

from collections import Counter

import events_gold

LEAST = {"type": 0.95, "place": 0.95, "modality": 0.90, "outcome": 0.90, "actor": 0.90, "when": 0.90}


def test_gold_sentences_reach_their_shares():
    right, total, wrong = Counter(), Counter(), []
    for row in events_gold.rows():
        for part, ok in events_gold.score(row).items():
            total[part] += 1
            right[part] += ok
            if not ok:
                wrong.append(f"{part}: {row.text}")
    assert sum(total[part] for part in ("type",)) >= 120
    shares = {part: right[part] / total[part] for part in total}
    assert all(shares[part] >= LEAST[part] for part in LEAST), f"{shares}\n" + "\n".join(wrong)
