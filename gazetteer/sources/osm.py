"""OpenStreetMap extracts (.osm.pbf, .osm): places, named roads, rivers and facilities. Needs ``osmium``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from gazetteer.errors import GazetteerBuildError, GazetteerFormatError
from gazetteer.place import Feature, Name, NameKind, SourcePlace
from gazetteer.sources.common import Broken, degrees, tables, whole

_NAME_KINDS: dict[str, NameKind] = {
    "alt_name": "alternate",
    "int_name": "alternate",
    "loc_name": "alternate",
    "official_name": "alternate",
    "short_name": "short",
    "old_name": "former",
    "name": "preferred",
    "ref": "code",
}
_LINES = frozenset(["road", "river"])
GAP_DEG = 0.05
"""Parts of one name that lie farther apart (about 5 km) are two roads, or two rivers."""

Part = tuple[int, dict[str, str], str]
"""Id, tags and WKB (hexadecimal) of a way."""


def feature_of_tags(tags: Mapping[str, str]) -> Feature | None:
    """Return the feature of an object's tags, or None when it is not for a gazetteer."""
    wanted: dict[str, Feature] = tables()["osm"]
    for key in (
        "place",
        "aeroway",
        "military",
        "power",
        "man_made",
        "barrier",
        "waterway",
        "natural",
        "highway",
        "amenity",
        "railway",
    ):
        value = tags.get(key)
        found = wanted.get(f"{key}={value}") if value else None
        if found:
            return found
    return None


def names_of_tags(tags: Mapping[str, str], own: str) -> tuple[Name, ...]:
    """Return the other names that an object's tags hold."""
    names: dict[str, Name] = {}
    for key, value in tags.items():
        base, _, language = key.partition(":")
        if base in _NAME_KINDS and len(language) <= 3:
            for text in value.split(";"):
                if text.strip() and text.strip() != own:
                    kind = _NAME_KINDS[base] if base != "name" or not language else "alternate"
                    names.setdefault(text.strip(), Name(text.strip(), kind, language))
    return tuple(names.values())


def read(path: Path, broken: Broken) -> Iterator[SourcePlace]:
    """Give the places of an extract; neighbouring parts of a road or river with one name become one line.

    Raises
    ------
    GazetteerBuildError
        When osmium is not installed.
    """
    try:
        import osmium
    except ImportError as error:
        raise GazetteerBuildError(
            "OpenStreetMap extracts need the package osmium: pip install 'mapper[osm]'."
        ) from error
    wkb = osmium.geom.WKBFactory()
    lines: dict[tuple[Feature, str], list[Part]] = {}
    keys = ("name", "ref")
    processor = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    processor = processor.with_filter(osmium.filter.EmptyTagFilter()).with_filter(
        osmium.filter.KeyFilter(*keys)
    )
    try:
        for item in processor:
            tags = dict(item.tags)
            feature = feature_of_tags(tags)
            name = tags.get("name:en") or tags.get("int_name") or tags.get("name") or tags.get("ref", "")
            if feature is None or not name.strip() or len(name) > 300:
                continue
            try:
                if isinstance(item, osmium.osm.Way) and feature in _LINES:
                    part = (item.id, tags, wkb.create_linestring(item))
                    lines.setdefault((feature, name), []).append(part)
                else:
                    yield _pointed(item, tags, name.strip(), feature)
            except (ValueError, RuntimeError) as error:
                broken.add(path.name, item.id, f"object {item.id}: {error}")
    except RuntimeError as error:
        raise GazetteerFormatError(f"{path} cannot be read as an OSM extract ({error}).") from error
    for (feature, name), parts in lines.items():
        for together in _apart(parts):
            yield _lined(feature, name.strip(), together)


def _pointed(item: Any, tags: dict[str, str], name: str, feature: Feature) -> SourcePlace:
    if item.is_node():
        lat, lon, letter = item.location.lat, item.location.lon, "n"
    else:
        points = [node.location for node in item.nodes if node.location.valid()]
        if not points:
            raise ValueError("no node has a location")
        lat = sum(p.lat for p in points) / len(points)
        lon = sum(p.lon for p in points) / len(points)
        letter = "w"
    lat, lon = degrees(lat, lon)
    return SourcePlace(
        id=f"osm:{letter}{item.id}",
        name=name,
        lat=lat,
        lon=lon,
        feature=feature,
        country=tags.get("is_in:country_code", "")[:2].upper(),
        population=whole(tags.get("population", 0)),
        names=names_of_tags(tags, name),
        source="osm",
    )


def _apart(parts: list[Part]) -> list[list[Part]]:
    """Put the parts together that are chained by gaps of at most `GAP_DEG`: many roads may bear one name."""
    import shapely

    shapes = [shapely.from_wkb(wkb) for _, _, wkb in parts]
    group = list(range(len(parts)))

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    pairs = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=GAP_DEG)
    for one, other in pairs.T.tolist():
        group[max(root(one), root(other))] = min(root(one), root(other))
    found: dict[int, list[Part]] = {}
    for i, part in enumerate(parts):
        found.setdefault(root(i), []).append(part)
    return list(found.values())


def _lined(feature: Feature, name: str, parts: list[Part]) -> SourcePlace:
    import shapely

    shapes = [shapely.from_wkb(wkb) for _, _, wkb in parts]
    line = shapely.line_merge(shapely.MultiLineString(shapes)) if len(shapes) > 1 else shapes[0]
    # The middle of the longest piece lies on the line, which the centroid need not.
    longest = max(getattr(line, "geoms", [line]), key=lambda piece: piece.length)
    middle = longest.interpolate(0.5, normalized=True)
    west, south, east, north = line.bounds
    first = min(parts, key=lambda part: part[0])
    return SourcePlace(
        id=f"osm:w{first[0]}",
        name=name,
        lat=middle.y,
        lon=middle.x,
        feature=feature,
        radius_m=max(500.0, max(north - south, east - west) * 55_500),
        names=names_of_tags(first[1], name),
        geometry=cast(bytes, shapely.to_wkb(line)),
        source="osm",
    )
