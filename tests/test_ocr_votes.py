"""Doubtful lines: several looks at one vote, and letters of columns are set upright."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from epaper.reading.ocr_crops import set_upright
from epaper.reading.ocr_marks import Offer
from epaper.reading.ocr_sight import Seen, Sight
from epaper.reading.ocr_votes import voted

EM = 30


def sight(*signs: tuple[int, float, float] | tuple[int, float, float, dict[int, float]]) -> Sight:
    """A look at a line: class, place and chance of its characters, and what else they may be."""
    return Sight(tuple(Seen(s[0], s[1], s[2], {s[0]: s[2], **dict(*s[3:])}) for s in signs))


def classes(found: Sight) -> list[int]:
    return [sign.index for sign in found.signs]


def test_most_looks_have_their_way_character_by_character() -> None:
    first = sight((1, 0.1, 0.9), (2, 0.4, 0.4, {7: 0.3}), (3, 0.7, 0.9))
    second = sight((1, 0.12, 0.8), (7, 0.41, 0.6), (3, 0.7, 0.8))
    third = sight((5, 0.1, 0.5), (7, 0.4, 0.7), (3, 0.68, 0.8))
    assert classes(voted(second, [first, third])) == [1, 7, 3]


def test_what_one_look_of_three_passes_over_is_there_and_what_one_alone_sees_is_not() -> None:
    surest = sight((1, 0.1, 0.95), (3, 0.7, 0.95))
    others = [sight((1, 0.1, 0.8), (2, 0.4, 0.8), (3, 0.7, 0.8)) for _ in range(2)]
    assert classes(voted(surest, others)) == [1, 2, 3]
    assert classes(voted(surest, [others[0], surest, surest])) == [1, 3]


def test_a_voted_character_is_as_sure_as_the_looks_are_on_average() -> None:
    found = voted(sight((1, 0.5, 0.9)), [sight((1, 0.5, 0.6)), sight((2, 0.5, 0.3))])
    assert found.signs[0].score == (2 * 0.9 + 0.6) / 4
    assert found.signs[0].chances[2] == 0.3 / 4


def test_what_the_first_look_saw_stays_and_marks_on_offer_are_its_own() -> None:
    first = Sight(sight((1, 0.1, 0.9), (4, 0.4, 0.5)).signs, (Offer(0.7, "，"),))
    found = voted(first, [sight((1, 0.1, 0.9))] * 4)
    assert (classes(found), found.offers) == ([1, 4], first.offers)


_Looks = st.lists(
    st.lists(st.tuples(st.integers(1, 5), st.floats(0, 1), st.floats(0.01, 1)), min_size=1),
    min_size=2,
    max_size=4,
)


@given(_Looks)
def test_nothing_is_voted_for_that_no_look_saw(looks: list[list[tuple[int, float, float]]]) -> None:
    first, *others = (sight(*sorted(look, key=lambda s: s[1])) for look in looks)
    found = voted(first, others)
    places = [sign.place for sign in found.signs]
    assert places == sorted(places)
    assert set(classes(found)) <= {index for look in looks for index, _, _ in look}
    assert all(0 < sign.score <= 1 + 1e-9 for sign in found.signs)


def column(*letters: int) -> np.ndarray:
    """A column's crop on its side: a square a letter, one corner of it marked by so many pixels."""
    crop = np.full((EM, EM * len(letters), 3), 250, np.uint8)
    for k, mark in enumerate(letters):
        crop[4:-4, k * EM + 4 : (k + 1) * EM - 4] = 120
        # What is on top of a letter lies at the left, its left side below.
        crop[-4 - mark : -4, k * EM + 4 : k * EM + 4 + mark] = 0
    return crop


def test_the_letters_of_a_column_stand_upright_side_by_side() -> None:
    upright = set_upright(column(3, 6, 9), [1 / 6, 0.5, 5 / 6])
    assert upright is not None
    assert upright.row.shape == (EM, 3 * EM, 3)
    for k, mark in enumerate((3, 6, 9)):
        rows, columns = np.nonzero(upright.row[:, k * EM : (k + 1) * EM].max(axis=2) == 0)
        assert (rows.min(), columns.min()) == (4, 4)
        assert (rows.max(), columns.max()) == (3 + mark, 3 + mark)


def test_places_along_upright_letters_are_places_in_the_column() -> None:
    upright = set_upright(column(3, 6, 9, 9), [0.125, 0.375, 0.625, 0.875])
    assert upright is not None
    assert [round(upright.in_column(p), 3) for p in (0, 0.375, 1)] == [0.0, 0.375, 1.0]
