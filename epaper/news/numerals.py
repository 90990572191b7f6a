"""Chinese and Arabic numerals as printed: 2010, 二〇一〇, 十六, 廿九, 貳拾捌, 三千八百."""

from __future__ import annotations

from epaper.news.text import fold, squeeze

_DIGITS = {
    **{char: value for value, char in enumerate("〇一二三四五六七八九")},
    **{char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")},
    **{char: value for value, char in enumerate("○壹貳參肆伍陸柒捌玖")},
    **{"O": 0, "o": 0, "两": 2, "兩": 2, "弌": 1, "弍": 2, "叄": 3, "元": 1, "正": 1},
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = {"廿": 20, "卄": 20, "念": 20, "卅": 30, "卌": 40}
_TEN_THOUSAND = "万萬"

CHINESE = "".join({*_DIGITS, *_UNITS, *_TENS, *_TEN_THOUSAND} - set("Oo元正念"))
"""Characters a Chinese numeral is made of, ready for a character class."""


def number(text: str) -> int | None:
    """The value of a whole numeral, None where it is none. White space is ignored."""
    digits = squeeze(fold(text)).replace("O", "0").replace("o", "0")
    if digits.isascii() and digits.isdigit():
        return int(digits)
    if not digits:
        return None
    if all(char in _DIGITS or char in "0123456789" for char in digits):
        return int("".join(str(_DIGITS.get(char, char)) for char in digits))
    return _with_units(digits)


def _with_units(digits: str) -> int | None:
    total, section, digit = 0, 0, 0
    for char in digits:
        if char in _TEN_THOUSAND:
            total, section, digit = (total + section + digit) * 10_000, 0, 0
        elif char in _UNITS:
            section, digit = section + (digit or 1) * _UNITS[char], 0
        elif char in _TENS:
            section, digit = section + _TENS[char], 0
        elif char in _DIGITS:
            digit = _DIGITS[char]
        elif char in "0123456789":
            digit = digit * 10 + int(char)
        else:
            return None
    return total + section + digit
