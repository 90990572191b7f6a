"""Lines as one text."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LATIN = re.compile("[A-Za-z]")


def join_lines(lines: Sequence[str]) -> str:
    """Lines as one text: nothing between Chinese characters, a space between Latin words.

    A hyphen at the end of a Latin line is taken as a line-end hyphen if the next line goes on
    in lower case. In Chinese text a capital split from a capital (VC|D) is one word.
    """
    text = ""
    for line in (line.strip() for line in lines):
        if not text:
            text = line
        elif not line:
            continue
        elif re.search(r"[a-zÀ-ɏ]-$", text) and re.match(r"[a-zÀ-ɏ]", line):
            text = text[:-1] + line
        elif _needs_space(text, line):
            text = f"{text} {line}"
        else:
            text += line
    return text


def _needs_space(before: str, after: str) -> bool:
    end, start = before[-1], after[0]
    if end.isascii() and start.isascii() and len(_LATIN.findall(before[-20:])) > 10:
        return True
    if not (_latin(end) and _latin(start)):
        return False
    return not (end.isupper() and start.isupper())


def _latin(char: str) -> bool:
    return char.isalpha() and ord(char) < 0x250
