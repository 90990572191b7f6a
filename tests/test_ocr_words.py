"""Doubtful characters of OCR: the words around them choose among what recognition offers."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from epaper.reading.ocr_chances import Chances
from epaper.reading.ocr_marks import Sign
from epaper.reading.ocr_words import estimated, language, pair, with_words

CHARACTERS = ("", *"昨咋日天记者考本报姜美種种，a")
SIMPLIFIED = ("", *"昨咋日天记者考本报姜美种种，a")


def read(*offers: dict[str, float]) -> tuple[list[Sign], Chances]:
    """A line, one step a character, by the chances of what may stand there."""
    answer = np.zeros((len(offers), len(CHARACTERS)), np.float32)
    for step, chances in enumerate(offers):
        for char, chance in chances.items():
            answer[step, CHARACTERS.index(char)] = chance
    best, score = Chances(answer, False).best()
    signs = [
        Sign(int(b), k, k + 1, k + 0.5, float(s))
        for k, (b, s) in enumerate(zip(best, score, strict=True))
    ]
    return signs, Chances(answer, False)


def text(signs: list[Sign]) -> str:
    return "".join(CHARACTERS[s.index] for s in signs)


def test_a_doubtful_character_is_what_makes_a_word_with_its_neighbours() -> None:
    signs, chances = read({"咋": 0.6, "昨": 0.3}, {"日": 0.99})
    assert text(with_words(signs, chances, SIMPLIFIED)) == "昨日"
    byline = read({"本": 1.0}, {"报": 1.0}, {"记": 0.97}, {"考": 0.53, "者": 0.46})
    assert text(with_words(*byline, SIMPLIFIED)) == "本报记者"


def test_what_was_read_surely_stays_and_so_does_what_nothing_better_was_offered_for() -> None:
    sure = read({"咋": 0.9, "昨": 0.1}, {"日": 0.99})
    assert text(with_words(*sure, SIMPLIFIED)) == "咋日"
    alone = read({"咋": 0.6, "昨": 0.001}, {"日": 0.99})
    assert text(with_words(*alone, SIMPLIFIED)) == "咋日"


def test_forms_of_one_character_are_not_the_words_to_tell() -> None:
    signs, chances = read({"種": 0.5, "种": 0.5}, {"美": 0.99})
    assert text(with_words(signs, chances, SIMPLIFIED))[0] == CHARACTERS[signs[0].index]


def test_a_changed_character_is_as_doubtful_as_before() -> None:
    signs, chances = read({"咋": 0.6, "昨": 0.3}, {"日": 0.99})
    assert with_words(signs, chances, SIMPLIFIED)[0].score == signs[0].score


@given(
    st.lists(
        st.dictionaries(st.sampled_from(CHARACTERS[1:]), st.floats(0.01, 1.0), min_size=1),
        min_size=1,
        max_size=8,
    )
)
def test_nothing_is_given_that_recognition_did_not_offer(offers: list[dict[str, float]]) -> None:
    signs, chances = read(*offers)
    found = with_words(signs, chances, SIMPLIFIED)
    assert len(found) == len(signs)
    for sign, offered in zip(found, offers, strict=True):
        assert CHARACTERS[sign.index] in offered


def test_chances_of_what_may_follow_sum_to_one() -> None:
    known = language()
    for first in "中記者":
        followers = [math.exp(known.follows(ord(first), code)) for code in range(0x3400, 0xA000)]
        assert abs(sum(followers) - 1) < 1e-6


def test_a_pair_that_was_counted_is_likelier_than_its_second_character_elsewhere() -> None:
    a, b, c = (ord(char) for char in "甲乙丙")
    keys = np.array(sorted([pair(a, b), pair(c, b)]), np.int64)
    counts = np.where(keys == pair(a, b), 30.0, 3.0)
    known = estimated(keys, counts, np.array(sorted([a, b, c])), np.array([40.0, 40.0, 40.0]))
    assert known.follows(a, b) > known.follows(0, b) > known.follows(a, c)
