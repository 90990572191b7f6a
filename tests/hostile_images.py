"""Page images that no reader should trust, and odd ones that are fine, made from a seed."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pymupdf
from PIL import Image, PngImagePlugin

from tests.hostile_pdf import story

Maker = Callable[[random.Random], bytes]


def picture(rng: random.Random, dpi: int = 130) -> Image.Image:
    """A small page in print, as an RGB image."""
    with pymupdf.open("pdf", story(rng)) as document:
        drawn = document[0].get_pixmap(dpi=dpi)
        return Image.frombytes("RGB", (drawn.width, drawn.height), drawn.samples)


def saved(image: Image.Image, kind: str, **how: object) -> bytes:
    data = io.BytesIO()
    image.save(data, kind, **how)
    return data.getvalue()


def _plain(kind: str) -> Maker:
    how: dict[str, object] = {"compression": "tiff_lzw"} if kind == "TIFF" else {}
    return lambda rng: saved(picture(rng, 60), kind, **how)


def _cut(kind: str, **how: object) -> Maker:
    """Half-written: more than the head, less than all of the pixels."""

    def make(rng: random.Random) -> bytes:
        whole = saved(picture(rng, 60), kind, **how)
        return whole[: int(len(whole) * rng.uniform(0.3, 0.9))]

    return make


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, data: bytes, before: bytes = b"", depth: int = 8) -> bytes:
    """A PNG of one channel that says it is so large."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + before + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def tiff(tags: list[tuple[int, int, int]], after: int = 0, data: bytes = b"") -> bytes:
    """A little-endian TIFF of one directory; `tags` are number, type and value."""
    rows = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in sorted(tags))
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + rows + struct.pack("<I", after) + data


def _tags(width: int, height: int, **other: int) -> list[tuple[int, int, int]]:
    names = {
        "bits": 258, "packing": 259, "ink": 262, "place": 273, "samples": 277, "rows": 278,
        "length": 279,
    }  # fmt: skip
    told = {"bits": 8, "packing": 1, "ink": 1, "place": 200, "samples": 1, "rows": height} | other
    return [(256, 4, width), (257, 4, height)] + [(names[k], 4, v) for k, v in told.items()]


# What has to be refused.


def pixel_bomb_png(rng: random.Random) -> bytes:
    side = rng.randrange(40_000, 2**31)
    return png(side, side, zlib.compress(bytes(10_000)))


def pixel_bomb_tiff(rng: random.Random) -> bytes:
    return tiff(_tags(rng.randrange(40_000, 2**31), 40_000, length=10))


def pixel_bomb_jpeg(rng: random.Random) -> bytes:
    whole = bytearray(saved(picture(rng, 40), "JPEG"))
    place = whole.index(b"\xff\xc0")
    whole[place + 5 : place + 9] = struct.pack(">HH", 65_500, rng.randrange(60_000, 65_500))
    return bytes(whole)


def pixel_bomb_jp2(rng: random.Random) -> bytes:
    whole = bytearray(saved(picture(rng, 40), "JPEG2000"))
    place = whole.index(b"ihdr") + 4
    whole[place : place + 8] = struct.pack(">II", 2**30, rng.randrange(2**29, 2**30))
    siz = whole.index(b"\xff\x51") + 6
    whole[siz : siz + 8] = struct.pack(">II", 2**30, 2**30)
    return bytes(whole)


def text_bomb(rng: random.Random) -> bytes:
    """A PNG whose comment unpacks to thirty megabytes, ahead of its pixels."""
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(30_000_000 + rng.randrange(99)), 9))
    return png(400, 560, zlib.compress(bytes(401 * 560)), before=bomb)


def profile_bomb(rng: random.Random) -> bytes:
    bomb = chunk(b"iCCP", b"icc\0\0" + zlib.compress(bytes(30_000_000 + rng.randrange(99)), 9))
    return png(400, 560, zlib.compress(bytes(401 * 560)), before=bomb)


def forty_thousand_square(rng: random.Random) -> bytes:
    """A real image, all white, of 1,600 megapixels."""
    side = 40_000 + rng.randrange(9)
    squeeze = zlib.compressobj(1)
    row = b"\0" + b"\xff" * ((side + 7) // 8)
    data = b"".join(squeeze.compress(row) for _ in range(side)) + squeeze.flush()
    return png(side, side, data, depth=1)


def one_pixel(rng: random.Random) -> bytes:
    size = rng.choice(((1, 1), (1, 2000), (2000, 1), (3, 3)))
    return saved(Image.new("L", size, 255), rng.choice(("PNG", "JPEG", "TIFF")))


def no_pixels(rng: random.Random) -> bytes:
    width, height = rng.choice(((0, 500), (500, 0), (0, 0)))
    return png(width, height, zlib.compress(b""))


def damaged_png(rng: random.Random) -> bytes:
    """Bytes changed among the pixels, whose sum no longer comes right."""
    whole = bytearray(saved(picture(rng, 60), "PNG"))
    start = whole.index(b"IDAT") + 20
    for _ in range(40):
        whole[rng.randrange(start, len(whole) - 20)] ^= 1 + rng.randrange(255)
    return bytes(whole)


def tiff_ring(rng: random.Random) -> bytes:
    """A TIFF whose next directory is the same again, with a page that cannot be read."""
    return tiff(_tags(400, 560, length=100 + rng.randrange(99), packing=5), after=8)


def tiff_without_data(rng: random.Random) -> bytes:
    return tiff(_tags(400, 560, place=rng.randrange(10**6, 10**9), length=400 * 560))


def tiff_packed_oddly(rng: random.Random) -> bytes:
    return tiff(_tags(400, 560, packing=rng.randrange(40_000, 60_000), length=10), data=bytes(99))


def head_of_jpeg(rng: random.Random) -> bytes:
    return b"\xff\xd8\xff\xe0\0\x10JFIF\0" + rng.randbytes(rng.randrange(30))


def noise(rng: random.Random) -> bytes:
    return rng.randbytes(rng.randrange(1, 5000))


def zeros(rng: random.Random) -> bytes:
    return bytes(rng.randrange(1, 100_000))


def text(rng: random.Random) -> bytes:
    return f"Dies ist kein Bild, sondern Nr. {rng.randrange(10**6)}.\n".encode() * 50


def web_page(rng: random.Random) -> bytes:
    return f"<!DOCTYPE html><html><body>404 {rng.randrange(999)}</body></html>".encode()


def archive(rng: random.Random) -> bytes:
    return b"PK\x03\x04\x14\0\0\0\x08\0" + rng.randbytes(2000)


def program(rng: random.Random) -> bytes:
    return b"\x7fELF\x02\x01\x01" + rng.randbytes(2000)


def vector(rng: random.Random) -> bytes:
    where = f"file:///etc/passwd#{rng.randrange(99)}"
    return f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{where}"/></svg>'.encode()


def postscript(rng: random.Random) -> bytes:
    head = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 400 560\n"
    return head + b"(%d) run\n" % rng.randrange(99)


# What is odd, and a page all the same.


def sixteen_bits(rng: random.Random) -> bytes:
    grey = np.asarray(picture(rng).convert("L")).astype(np.uint16) * 257
    return saved(Image.fromarray(grey), rng.choice(("PNG", "TIFF")))


def twelve_bits(rng: random.Random) -> bytes:
    grey = np.asarray(picture(rng).convert("L")).astype(np.uint16) * 16
    return saved(Image.fromarray(grey), "TIFF")


def _mode(mode: str, *kinds: str) -> Maker:
    return lambda rng: saved(picture(rng).convert(mode), rng.choice(kinds))


def see_through(rng: random.Random) -> bytes:
    image = picture(rng)
    ink = image.convert("L").point(lambda grey: 255 - grey)
    image.putalpha(ink)
    return saved(image, rng.choice(("PNG", "WEBP", "TIFF")))


def turned(rng: random.Random) -> bytes:
    """Stored on its side, or mirrored; the EXIF entry says how to set it right."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    orientation = rng.choice(list(undo))
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(picture(rng).transpose(undo[orientation]), "JPEG", exif=exif.tobytes())


def progressive(rng: random.Random) -> bytes:
    return saved(picture(rng), "JPEG", progressive=True, quality=85)


def fax(rng: random.Random) -> bytes:
    return saved(picture(rng).convert("1"), "TIFF", compression="group4")


def with_long_comments(rng: random.Random) -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "字" * rng.randrange(9999), zip=True)
    told.add_itxt("XML:com.adobe.xmp", '<!DOCTYPE x [<!ENTITY y "z">]><x>&y;</x>')
    return saved(picture(rng), "PNG", pnginfo=told)


REFUSED: dict[str, tuple[Maker, str]] = {
    "image cut, JPEG": (_cut("JPEG"), "jpg"),
    "image cut, progressive JPEG": (_cut("JPEG", progressive=True), "jpg"),
    "image cut, PNG": (_cut("PNG"), "png"),
    "image cut, TIFF": (_cut("TIFF", compression="tiff_lzw"), "tif"),
    "image cut, JPEG 2000": (_cut("JPEG2000"), "jp2"),
    "image cut, WebP": (_cut("WEBP"), "webp"),
    "pixel bomb, PNG": (pixel_bomb_png, "png"),
    "pixel bomb, TIFF": (pixel_bomb_tiff, "tif"),
    "pixel bomb, JPEG": (pixel_bomb_jpeg, "jpg"),
    "pixel bomb, JPEG 2000": (pixel_bomb_jp2, "jp2"),
    "comment bomb": (text_bomb, "png"),
    "profile bomb": (profile_bomb, "png"),
    "40,000 pixels square": (forty_thousand_square, "png"),
    "one pixel": (one_pixel, "png"),
    "no pixels": (no_pixels, "png"),
    "image damaged": (damaged_png, "png"),
    "TIFF in a ring": (tiff_ring, "tif"),
    "TIFF without data": (tiff_without_data, "tif"),
    "TIFF packed oddly": (tiff_packed_oddly, "tiff"),
    "head of a JPEG": (head_of_jpeg, "jpeg"),
    "noise": (noise, "jp2"),
    "zeros": (zeros, "pdf"),
    "text": (text, "pdf"),
    "web page": (web_page, "jpg"),
    "archive": (archive, "pdf"),
    "program": (program, "webp"),
    "other image": (_plain("GIF"), "png"),
    "vector drawing": (vector, "png"),
    "PostScript": (postscript, "pdf"),
    "empty": (lambda _: b"", "pdf"),
}

FINE: dict[str, tuple[Maker, str]] = {
    "16 bits": (sixteen_bits, "png"),
    "12 bits": (twelve_bits, "tif"),
    "CMYK": (_mode("CMYK", "JPEG", "TIFF"), "jpg"),
    "see-through": (see_through, "png"),
    "palette": (_mode("P", "PNG", "TIFF"), "png"),
    "1 bit": (fax, "tif"),
    "grey with alpha": (_mode("LA", "PNG"), "png"),
    "turned by EXIF": (turned, "jpg"),
    "progressive": (progressive, "jpg"),
    "with comments": (with_long_comments, "png"),
    "wrong suffix": (_mode("RGB", "WEBP", "PNG"), "pdf"),
}
