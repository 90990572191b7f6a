"""Small worn type: what single looks at its lines do not tell is read all the same."""

from __future__ import annotations

from collections import Counter

import cv2
import numpy as np
import pytest

from epaper.reading.ocr import read_image
from tests.test_ocr import Image, Sheet, texts

DPI = 200.0
COLUMNS = [
    "市政府昨日召開會議討論明年度道路修築計劃並決",
    "定先就城南一帶着手進行所需經費由各區分別籌募",
    "據主管人員談稱此次工程規模甚大預計明年秋間可",
    "望完成屆時城內外交通將更爲便利商民均表歡迎又",
    "本埠各學校因天氣炎熱定於下星期起改在上午授課",
    "下午則由教員率領學生前往鄉間參觀農場以增見聞",
]


def worn(blur: float, seed: int) -> Image:
    """Columns of 25-pixel letters, out of focus and unevenly inked, on grainy paper."""
    sheet = Sheet(130, 230)
    for number, column in enumerate(COLUMNS):
        sheet.column(110 - 13 * number, 10, column, 9)
    image = cv2.GaussianBlur(sheet.image(DPI).astype(np.float32), (0, 0), blur)
    random = np.random.default_rng(seed)
    patches = cv2.GaussianBlur(random.normal(0, 1, image.shape[:2]), (0, 0), 1.2)
    inked = np.clip(0.8 + 0.35 * patches / patches.std(), 0.1, 1.3)
    image = 255 - (255 - image) * inked[..., None]
    return np.clip(image + random.normal(0, 14, image.shape[:2])[..., None], 0, 255).astype(
        np.uint8
    )


def found(blur: float, seed: int) -> tuple[int, int]:
    """How many of the columns' characters are read, and how many characters in all."""
    read = Counter("".join(texts(read_image(worn(blur, seed), DPI))))
    return sum((read & Counter("".join(COLUMNS))).values()), read.total()


@pytest.mark.parametrize(("blur", "least"), [(1.0, 0.85), (1.1, 0.65)])
def test_letters_of_worn_columns_are_read(blur: float, least: float) -> None:
    counts = [found(blur, seed) for seed in (1, 2)]
    right, given = (sum(column) for column in zip(*counts, strict=True))
    assert right >= least * 2 * len("".join(COLUMNS))
    assert right >= 0.75 * given
