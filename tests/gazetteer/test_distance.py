from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from gazetteer.distance import great_circle_m, lengths, levenshtein, within_length
from gazetteer.names import pack_one
from gazetteer.schema import CELL_DEG, cell_of, cell_ranges
from gazetteer.search import neighbours
from gazetteer.spell import pack

SKELETON = st.text("AKTPSWLMNRD", min_size=1, max_size=15)
LAT, LON = st.floats(-89.9, 89.9), st.floats(-180, 180)


@given(SKELETON, st.lists(SKELETON, min_size=1, max_size=30))
def test_packed_edit_distance_is_the_edit_distance(query: str, others: list[str]) -> None:
    found = levenshtein(int(pack([query])[0]), pack(others))
    assert found.tolist() == [Levenshtein.distance(query, other) for other in others]


@given(st.lists(SKELETON, min_size=1, max_size=30), st.integers(-1, 12), st.integers(1, 16))
def test_lengths_of_packed_keys(skeletons: list[str], low: int, high: int) -> None:
    packed = pack(skeletons)
    assert lengths(packed).tolist() == [len(text) for text in skeletons]
    assert within_length(packed, low, high).tolist() == [low <= len(text) <= high for text in skeletons]


@given(SKELETON)
def test_one_is_packed_like_many(text: str) -> None:
    assert pack_one(text) == int(pack([text])[0])


@given(SKELETON)
def test_neighbours_are_all_within_one_edit(text: str) -> None:
    packed = neighbours(int(pack([text])[0]), len(text))
    assert packed[0] == int(pack([text])[0])
    assert len(packed) == len(set(packed))
    apart = levenshtein(packed[0], np.array(packed, np.uint64)).tolist()
    swapped = {text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in range(len(text) - 1)}
    changed = {int(one) for one in pack(sorted(swapped))} if swapped else set()
    for one, edits in zip(packed, apart, strict=True):
        assert edits <= (1 if len(text) < 15 else 2) or one in changed


@given(st.text("KTPSW", min_size=2, max_size=10), st.data())
def test_every_edit_is_among_the_neighbours(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    new = data.draw(st.sampled_from("KTPSWLMNR"))
    found = set(neighbours(int(pack([text])[0]), len(text)))
    for edited in (text[:at] + text[at + 1 :], text[:at] + new + text[at + 1 :], text[:at] + new + text[at:],
                   text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :]):  # fmt: skip
        assert int(pack([edited])[0]) in found


@given(LAT, LON, LAT, LON, st.floats(1, 2_000_000))
def test_cells_of_a_circle_hold_every_point_of_it(
    lat: float, lon: float, lat2: float, lon2: float, radius: float
) -> None:
    metres = float(great_circle_m(lat, lon, np.array([lat2]), np.array([lon2]))[0])
    if metres <= radius:
        cell = cell_of(lat2, lon2)
        assert any(low <= cell <= high for low, high in cell_ranges(lat, lon, radius))


def test_cells_across_the_antimeridian() -> None:
    east, west = cell_of(-17.0, 179.9), cell_of(-17.0, -179.9)
    ranges = list(cell_ranges(-17.0, 179.9, 50_000))
    assert all(any(low <= cell <= high for low, high in ranges) for cell in (east, west))
    assert sum(high - low + 1 for low, high in ranges) < 10 / CELL_DEG
