"""Doubtful characters of OCR: the words around them choose among what recognition offers."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from epaper.reading.ocr_script import foreign, simplified_forms, sure_scripts, variants
from epaper.reading.ocr_sight import Seen
from epaper.reading.ocr_words import estimated, language, of_page, pair, with_words

CHARACTERS = ("", *"昨咋日天记者考本报姜美種种，a")
SIMPLIFIED = ("", *"昨咋日天记者考本报姜美種种，a")


def read(*offers: dict[str, float]) -> list[Seen]:
    """A line by the chances of what may stand at each place."""
    signs = []
    for k, chances in enumerate(offers):
        told = {CHARACTERS.index(char): chance for char, chance in chances.items()}
        best = max(told, key=told.__getitem__)
        signs.append(Seen(best, (k + 0.5) / len(offers), told[best], told))
    return signs


def text(signs: list[Seen]) -> str:
    return "".join(CHARACTERS[s.index] for s in signs)


def chosen(*offers: dict[str, float]) -> list[Seen]:
    return with_words(read(*offers), SIMPLIFIED, language())


def test_a_doubtful_character_is_what_makes_a_word_with_its_neighbours() -> None:
    assert text(chosen({"咋": 0.6, "昨": 0.3}, {"日": 0.99})) == "昨日"
    byline = chosen({"本": 1.0}, {"报": 1.0}, {"记": 0.97}, {"考": 0.53, "者": 0.46})
    assert text(byline) == "本报记者"


def test_what_was_read_surely_stays_and_so_does_what_nothing_better_was_offered_for() -> None:
    assert text(chosen({"咋": 0.9, "昨": 0.1}, {"日": 0.99})) == "咋日"
    assert text(chosen({"咋": 0.6, "昨": 0.001}, {"日": 0.99})) == "咋日"


def test_forms_of_one_character_are_not_the_words_to_tell() -> None:
    signs = read({"種": 0.5, "种": 0.5}, {"美": 0.99})
    found = with_words(signs, ("", *"昨咋日天记者考本报姜美种种，a"), language())
    assert found[0].index == signs[0].index


def test_a_changed_character_is_as_doubtful_as_before() -> None:
    assert chosen({"咋": 0.6, "昨": 0.3}, {"日": 0.99})[0].score == 0.6


@given(
    st.lists(
        st.dictionaries(st.sampled_from(CHARACTERS[1:]), st.floats(0.01, 1.0), min_size=1),
        min_size=1,
        max_size=8,
    )
)
def test_nothing_is_given_that_recognition_did_not_offer(offers: list[dict[str, float]]) -> None:
    found = chosen(*offers)
    assert len(found) == len(offers)
    for sign, offered in zip(found, offers, strict=True):
        assert CHARACTERS[sign.index] in offered


def test_what_is_read_surely_elsewhere_on_the_page_tells_a_doubtful_character() -> None:
    doubtful = read({"姜": 0.6, "美": 0.2}, {"考": 0.97})
    plain = with_words(doubtful, SIMPLIFIED, language())
    name = read({"天": 0.97}, {"美": 0.98}, {"考": 0.99})
    of = of_page(language(), [doubtful, *[name] * 3], SIMPLIFIED)
    assert (text(plain), text(with_words(doubtful, SIMPLIFIED, of))) == ("姜考", "美考")


def test_forms_of_the_script_that_the_page_is_not_set_in_count_for_less() -> None:
    characters = ("", *"线線爲錢钱國")
    known = variants(characters)
    simplified = simplified_forms(characters)
    page = sure_scripts(((characters.index(c), 0.99) for c in "線錢國" * 10), known)
    due = foreign(page, known)
    assert {characters[index] for index in due} == {"线", "钱"}
    assert all(weight < 0.05 for weight in due.values())
    read = [Seen(1, 0.5, 0.5, {1: 0.5, 2: 0.01, 3: 0.3})]
    wanted = [characters[with_words(read, simplified, language(), d)[0].index] for d in ({}, due)]
    assert wanted == ["线", "爲"]


def test_a_page_with_nothing_read_surely_has_the_language_of_all() -> None:
    assert of_page(language(), [read({"昨": 0.5}), []], SIMPLIFIED) is language()


def test_chances_of_what_may_follow_sum_to_one() -> None:
    own = of_page(language(), [read({"昨": 0.95}, {"日": 0.95}, {"天": 0.95})], SIMPLIFIED)
    for known in (language(), own):
        for first in "中記者昨":
            followed = [math.exp(known.follows(ord(first), code)) for code in range(0x3400, 0xA000)]
            assert abs(sum(followed) - 1) < 1e-6


def test_a_pair_that_was_counted_is_likelier_than_its_second_character_elsewhere() -> None:
    a, b, c = (ord(char) for char in "甲乙丙")
    keys = np.array(sorted([pair(a, b), pair(c, b)]), np.int64)
    counts = np.where(keys == pair(a, b), 30.0, 3.0)
    known = estimated(keys, counts, np.array(sorted([a, b, c])), np.array([40.0, 40.0, 40.0]))
    assert known.follows(a, b) > known.follows(0, b) > known.follows(a, c)
