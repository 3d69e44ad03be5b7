"""Write short annotated texts about places all over the world, for fitting the place-name classifier.

    make_notes.py -o notes.jsonl [--count 400] [--seed 1]

Annotated news name few villages, and hardly any outside Europe and North America; a classifier fitted on it
alone takes the rarer names for people or organisations. Here frames of our own (``notes.toml``) are filled
with places drawn from the gazetteer: villages of one neighbourhood, their district, region and country. The
form is that of the annotated corpora: "id", "text", "toponyms" with "start", "end", "lat", "lon".
"""

from __future__ import annotations

import argparse
import calendar
import json
import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np

from gazetteer.sources.extracts import read_extracts

FRAMES = Path(__file__).with_name("notes.toml")
SLOT = re.compile(r"\{(\w)(\+[^}]*)?\}")
KIND_WORDS = re.compile(
    r"(?i)^(state|province|district|region|wilayah?) (of |de )?"
    r"| (state|province|district|region|township|raion|oblast'?|governorate|county|department|prefecture"
    r"|municipality)$"
)
MONTHS = [calendar.month_name[number] for number in range(1, 13)]


class World:
    """The gazetteer's settlements by country, with the names of their regions and districts."""

    def __init__(self) -> None:
        places = read_extracts().places.to_pandas()
        self.country = dict(places.loc[places.feature == "country", ["country", "name"]].values)
        regions = places[places.feature == "region"]
        self.region = {r.admin1: r for r in regions.itertuples()}
        districts = places[(places.feature == "district") & (places.admin2 != "")]
        self.district = {r.admin2: r for r in districts.itertuples()}
        settled = places[(places.feature == "settlement") & (places.admin1 != "")]
        self.by_country = {code: group for code, group in settled.groupby("country")}

    def neighbourhood(self, code: str, random: np.random.Generator) -> dict[str, Any] | None:
        """Draw a village and what lies round it; None where the country has too few places."""
        group = self.by_country.get(code)
        if group is None or len(group) < 30:
            return None
        seat = group.iloc[int(random.integers(len(group)))]
        away = np.hypot(group.lat - seat.lat, (group.lon - seat.lon) * np.cos(np.radians(seat.lat)))
        near = group[(away < 1.5) & (group.admin1 == seat.admin1)]
        towns = near[near.population >= 15_000].sort_values("population", ascending=False)
        small = near[near.population < 15_000]
        if len(towns) < 2 or len(small) < 3:
            return None
        first, second = (small.iloc[int(i)] for i in random.choice(len(small), 2, replace=False))
        if first.admin1 not in self.region:
            return None
        town, other = (towns.iloc[int(i)] for i in random.choice(min(len(towns), 6), 2, replace=False))
        district = self.district.get(first.admin2)
        if district is None and np.hypot(first.lat - other.lat, first.lon - other.lon) > 0.4:
            return None
        return {"v": first, "w": second, "t": town, "u": other,
                "d": district if district is not None else other, "r": self.region[first.admin1],
                "c": self.country.get(code, "")}  # fmt: skip


def plain(name: str) -> str:
    """Write a name as reports do: without accents and without what stands in brackets."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"\s*[(,/].*", "", bare).replace("ʼ", "'").strip()


def shown(place: Any, slot: str, accents: bool) -> str:
    """Give the name to write for a place, without the kind word that the frame brings itself."""
    name = place if isinstance(place, str) else place.name if hasattr(place, "Index") else place["name"]
    name = re.sub(r"\s*[(,/].*", "", name) if accents else plain(name)
    if slot in "dr":
        name = KIND_WORDS.sub("", name)
    return name


def write_note(
    frames: dict[str, Any], kind: str, around: dict[str, Any], random: np.random.Generator
) -> tuple[str, list[dict[str, Any]]]:
    """Fill one to four frames of a kind; give the text and its toponyms."""
    chosen = random.choice(len(frames[kind]), int(random.integers(1, 5)), replace=False)
    accents = bool(random.random() < 0.25)
    text, toponyms = "", []
    for number in chosen:
        text += " " if text else ""
        end = 0
        frame = frames[kind][int(number)]
        for slot in SLOT.finditer(frame):
            text += frame[end : slot.start()]
            end = slot.end()
            key = slot.group(1)
            if key in around and around[key] is not None:
                name = shown(around[key], key, accents) + (slot.group(2) or "")[1:]
                place = around[key]
                point = {} if isinstance(place, str) else {"lat": float(place.lat), "lon": float(place.lon)}
                toponyms.append({"start": len(text), "end": len(text) + len(name), "text": name, **point})
                text += name
            else:
                text += _word(frames, key, random)
        text += frame[end:]
    return text, toponyms


def _word(frames: dict[str, Any], key: str, random: np.random.Generator) -> str:
    if key == "n":
        return str(int(random.integers(2, 30)))
    if key == "m":
        return f"{MONTHS[int(random.integers(12))]} {int(random.integers(2012, 2025))}"
    full = frames[{"g": "groups", "e": "tribes"}.get(key, "people")]
    return str(full[int(random.integers(len(full)))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    frames = tomllib.loads(FRAMES.read_text(encoding="utf-8"))
    random = np.random.default_rng(args.seed)
    world = World()
    notes: list[dict[str, Any]] = []
    while len(notes) < args.count:
        kind = "note" if len(notes) % 3 else "news"
        codes = frames["theatres" if kind == "note" else "papers"]
        around = world.neighbourhood(codes[int(random.integers(len(codes)))], random)
        if around is not None:
            text, toponyms = write_note(frames, kind, around, random)
            notes.append({"id": f"note{len(notes)}", "text": text, "toponyms": toponyms})
    lines = (json.dumps(note, ensure_ascii=False) for note in notes)
    args.output.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
