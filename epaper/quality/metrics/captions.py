"""caption_acc: the words under the pictures and who took them."""

from __future__ import annotations

import re

from epaper.quality.matching import count_matches
from epaper.quality.metrics.tally import Tally
from epaper.quality.pagetext import ArticleText, CaptionText
from epaper.quality.text import fold, is_right

# What stands around a name in a credit; longer words first.
_CREDIT_WORDS = re.compile(
    r"特约记者|特約記者|本报记者|本報記者|新华社记者|新華社記者|通讯员|通訊員|特约|特約"
    r"|本报|本報|记者|記者|新华社[发發]?|新華社[发發]?|(?<=社)[发發]|文[并並][图圖]|文\/[图圖]|[图圖]\/文"
    r"|[图圖]片|供[图圖]|[图圖]|(?<![一-鿿])文(?=[/:])|(?<=\/)文|摄影报道|攝影報道|摄影|攝影|摄|攝|翻拍"
    r"|[\W_]"
)


def captions(truth: ArticleText, pred: ArticleText, loose: tuple[CaptionText, ...] = ()) -> Tally:
    """Right where text NED is at most 0.10 and the photographers are the same names.

    A caption has to be in the matched article. A picture story (no body in the truth) may
    also have it as one of the page's `loose` pictures.
    """
    found = pred.captions if truth.folded_body else pred.captions + loose
    right = count_matches(truth.captions, found, caption_right)
    return Tally(right, len(truth.captions), max(0, len(pred.captions) - len(truth.captions)))


def caption_right(truth: CaptionText, pred: CaptionText) -> bool:
    return is_right(fold(truth.text), fold(pred.text)) and photographers(truth) == photographers(
        pred
    )


def photographers(caption: CaptionText) -> frozenset[str]:
    """The names given, or else what is left of the credit without its set words."""
    if caption.names is not None:
        return frozenset(filter(None, map(fold, caption.names)))
    return frozenset(_CREDIT_WORDS.sub(" ", fold(caption.credit)).split())
