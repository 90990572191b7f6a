"""What reporters did, told in a text's first words, which is no byline."""

from __future__ import annotations

import re

__all__ = ["are_told_of"]

# 记者在现场看|到, 记者昨日从; but 从维熙 is a name. A line may break a lead-in in 报|道, and
# nobody's name ends with 报.
_TOLD = re.compile(
    r"[记記]者(?:[从從就随隨](?!.{1,2}$)|[在看昨今前]|[日近]日|日前|[采採][访訪]|了解|[获獲][悉知])"
    r"|^\W*(?:本[报報]|新[华華]社)?[记記]者\s*[一-鿿]{2,4}[报報]$"
)


def are_told_of(text: str) -> bool:
    """True for a line that says what a reporter did, or begins a report that the next goes on."""
    return bool(_TOLD.search(text.strip()))
