"""PDF files that no reader should trust, each kind made anew from a seed."""

from __future__ import annotations

import io
import random
import zlib
from collections.abc import Callable, Mapping

import pymupdf
from PIL import Image

from tests.conftest import STORY

Maker = Callable[[random.Random], bytes]
# Nobody listens there unless a test does, to learn whether anyone calls.
CALL = "http://127.0.0.1:9/"


def put_together(
    objects: Mapping[int, bytes], more: bytes = b"", root: int = 1, size: int | None = None
) -> bytes:
    """A PDF of these objects with its cross-reference table; `more` goes into the trailer."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    count = size or max(objects) + 1
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        count, root, more, start,
    )  # fmt: skip
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object, packed."""
    packed = zlib.compress(data, 9)
    return b"<</Length %d/Filter/FlateDecode%s>>\nstream\n%s\nendstream" % (
        len(packed), entries, packed,
    )  # fmt: skip


def a_page(
    content: bytes = b"", resources: bytes = b"", more: bytes = b"", box: bytes = b"0 0 400 560"
) -> dict[int, bytes]:
    """The objects of a document of one page: 1 to 4."""
    return {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<<%s>>%s>>"
        % (box, resources, more),
        4: stream(content),
    }


def story(rng: random.Random, **how: object) -> bytes:
    """A small page as it should be; `how` as of `Document.save`."""
    with pymupdf.open() as document:
        _print(document, rng)
        document.subset_fonts()
        written: bytes = document.tobytes(deflate=True, no_new_id=True, **how)
    return written


def _print(document: pymupdf.Document, rng: random.Random) -> None:
    page = document.new_page(width=400, height=560)
    headline = rng.choice(("城东", "南山", "北门", "西湖")) + rng.choice(("大桥通车", "公园免费"))
    page.insert_text((40, 80), headline, fontname="china-s", fontsize=28)
    for row in range(14):
        text = STORY[row * 8 % 40 :][:26]
        page.insert_text((40, 120 + row * 16), text, fontname="china-s", fontsize=11)


def _edited(rng: random.Random, change: Callable[[pymupdf.Document], None]) -> bytes:
    """A page as it should be with something done to it."""
    with pymupdf.open() as document:
        _print(document, rng)
        change(document)
        written: bytes = document.tobytes(no_new_id=True)
    return written


# What has to be refused.


def cut(rng: random.Random) -> bytes:
    whole = story(rng)
    return whole[: int(len(whole) * rng.uniform(0.05, 0.97))]


def head_only(rng: random.Random) -> bytes:
    return b"%%PDF-1.%d\n%%%%EOF\n" % rng.randrange(8)


def encrypted(rng: random.Random) -> bytes:
    kinds = (pymupdf.PDF_ENCRYPT_AES_256, pymupdf.PDF_ENCRYPT_RC4_128, pymupdf.PDF_ENCRYPT_AES_128)
    return story(rng, encryption=rng.choice(kinds), user_pw="geheim", owner_pw="geheimer")


def no_pages(rng: random.Random) -> bytes:
    return put_together({
        1: b"<</Type/Catalog/Pages 2 0 R/X %d>>" % rng.randrange(99),
        2: b"<</Type/Pages/Kids[]/Count 0>>",
    })  # fmt: skip


def no_catalogue(rng: random.Random) -> bytes:
    return put_together({1: b"<</Type/Nothing/X %d>>" % rng.randrange(99)})


def too_many_pages(rng: random.Random) -> bytes:
    count = rng.randrange(2001, 3000)
    objects = a_page(b"0 0 m")
    objects[2] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (
        b" ".join(b"%d 0 R" % n for n in range(5, 5 + count)), count,
    )  # fmt: skip
    objects |= dict.fromkeys(range(5, 5 + count), objects[3])
    return put_together(objects)


def too_wide(rng: random.Random) -> bytes:
    return put_together(a_page(b"0 0 m", box=b"0 0 %d 560" % rng.randrange(14_401, 10**6)))


def all_of_14400_points(rng: random.Random) -> bytes:
    return put_together(a_page(b"0 0 m", box=b"0 0 14400 %d" % rng.randrange(13_000, 14_401)))


def no_size(rng: random.Random) -> bytes:
    side = rng.choice((b"0 0 0.2 0.3", b"0 0 1 1", b"0 0 3 560"))
    return put_together(a_page(b"0 0 m", box=side))


def pages_in_a_ring(rng: random.Random) -> bytes:
    count = rng.randrange(2, 9)
    return put_together({
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count %d>>" % count,
        3: b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 3 0 R]/Count %d>>" % count,
    })  # fmt: skip


def itself_for_pages(rng: random.Random) -> bytes:
    return put_together(
        {1: b"<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count %d>>" % rng.randint(2, 9)}
    )


def tables_in_a_ring(rng: random.Random) -> bytes:
    """The cross-reference table's former table is itself, and the catalogue is nowhere."""
    body = b"%%PDF-1.7\n%%%d\n" % rng.randrange(10**6)
    trailer = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 9/Root 8 0 R/Prev %d>>\n"
    return body + trailer % len(body) + b"startxref\n%d\n%%%%EOF\n" % len(body)


def packed_objects_in_a_ring(rng: random.Random) -> bytes:
    """The catalogue lies in an object stream that lies in itself."""
    count = rng.randrange(5, 9)
    body = bytearray(b"%PDF-1.7\n")
    place = len(body)
    rows = bytes([0, 0, 0, 0]) + bytes([2, 0, 2, 0]) * (count - 2)
    rows += bytes([1]) + place.to_bytes(2, "big") + bytes([0])
    entries = b"/Type/XRef/Size %d/W[1 2 1]/Root 1 0 R" % count
    body += b"%d 0 obj\n%s\nendobj\n" % (count - 1, stream(rows, entries))
    return bytes(body) + b"startxref\n%d\n%%%%EOF\n" % place


def too_much_content(rng: random.Random) -> bytes:
    """A page description of gigabytes that fills the page with all that fits on it."""
    with io.BytesIO() as packed:
        squeeze = zlib.compressobj(9)
        piece = b"0 0 400 560 re f " * 60_000
        for _ in range(1500 + rng.randrange(100)):
            packed.write(squeeze.compress(piece))
        packed.write(squeeze.flush())
        data = zlib.compress(packed.getvalue(), 9)
    objects = a_page()
    objects[4] = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>\nstream\n%s\nendstream" % (
        len(data), data,
    )  # fmt: skip
    return put_together(objects)


# What is odd, and a page all the same.


def with_script(rng: random.Random) -> bytes:
    """Scripts at opening and on the page, a form, a link, a call of a program."""

    def change(document: pymupdf.Document) -> None:
        script = f"<</S/JavaScript/JS(app.launchURL\\('{CALL}'\\);this.exportAsText\\(\\);)>>"
        catalog = document.pdf_catalog()
        document.xref_set_key(catalog, "OpenAction", script)
        document.xref_set_key(catalog, "AA", f"<</WC{script}/WS{script}>>")
        launch = "<</S/Launch/F(/bin/sh)/Win<</F(cmd.exe)>>>>"
        document.xref_set_key(document[0].xref, "AA", f"<</O{launch}/C{script}>>")
        field = pymupdf.Widget()
        field.rect = pymupdf.Rect(300, 500, 380, 520)
        field.field_type, field.field_name = pymupdf.PDF_WIDGET_TYPE_TEXT, "x"
        field.script_calc = "while(true){}"
        document[0].add_widget(field)

    return _edited(rng, change)


def with_files_inside(rng: random.Random) -> bytes:
    def change(document: pymupdf.Document) -> None:
        for name in ("../../../../tmp/escaped.txt", "C:\\escaped.exe", "页.pdf"):
            document.embfile_add(name, b"MZ" + rng.randbytes(200), filename=name)
        document[0].add_file_annot((350, 20), rng.randbytes(99), "../escaped.bin")

    return _edited(rng, change)


def with_pictures_elsewhere(rng: random.Random) -> bytes:
    """A picture whose data lies on a server, or in a file of this machine."""

    def change(document: pymupdf.Document) -> None:
        xref = document[0].insert_image((40, 400, 200, 500), stream=_noise(rng))
        where = rng.choice((f"<</FS/URL/F({CALL})>>", "(/etc/passwd)"))
        document.xref_set_key(xref, "F", where)

    return _edited(rng, change)


def drawn_in_itself(rng: random.Random) -> bytes:
    """A form that draws itself, over a page as it should be."""

    def change(document: pymupdf.Document) -> None:
        form = document.get_new_xref()
        document.update_object(
            form, f"<</Type/XObject/Subtype/Form/BBox[0 0 400 560]"
            f"/Resources<</XObject<</F {form} 0 R>>>>>>"
        )  # fmt: skip
        document.update_stream(form, b"/F Do /F Do")
        kind, place = document.xref_get_key(document[0].xref, "Resources")
        assert kind == "xref"
        document.xref_set_key(int(place.split()[0]), "XObject", f"<</F {form} 0 R>>")
        extra = document.get_new_xref()
        document.update_object(extra, "<<>>")
        document.update_stream(extra, b"/F Do")
        first = document[0].get_contents()
        names = " ".join(f"{xref} 0 R" for xref in [*first, extra])
        document.xref_set_key(document[0].xref, "Contents", f"[{names}]")

    return _edited(rng, change)


def with_broken_fonts(rng: random.Random) -> bytes:
    """Font programs with bytes changed, cut, or no font at all."""

    def change(document: pymupdf.Document) -> None:
        for xref in range(1, document.xref_length()):
            for key in ("FontFile", "FontFile2", "FontFile3"):
                kind, value = document.xref_get_key(xref, key)
                if kind != "xref":
                    continue
                program = int(value.split()[0])
                data = bytearray(document.xref_stream(program))
                for _ in range(rng.randrange(20, 400)):
                    data[rng.randrange(len(data))] = rng.randrange(256)
                damaged = bytes(data[: rng.randrange(len(data) // 2, len(data))])
                document.update_stream(program, rng.choice((damaged, rng.randbytes(500))))

    return _edited(rng, change)


def with_characters_xml_forbids(rng: random.Random) -> bytes:
    """Text that says it is control characters, lone surrogates and noncharacters."""
    odd = ("0000", "0007", "000C", "001B", "D800", "DFFF", "D83D", "FFFE", "FFFF", "007F", "FEFF")
    codes = [0x41 + n for n in range(len(odd))]
    rows = "\n".join(f"<{code:02X}> <{value}>" for code, value in zip(codes, odd, strict=True))
    table = (
        "/CIDInit/ProcSet findresource begin 12 dict begin begincmap /CMapName/X def "
        "1 begincodespacerange <00> <FF> endcodespacerange "
        f"{len(odd)} beginbfchar\n{rows}\nendbfchar endcmap end end"
    )

    def change(document: pymupdf.Document) -> None:
        page = document[0]
        words = "".join(map(chr, codes)) + "abc"
        page.insert_text((40, 400), words * 2, fontname="helv", fontsize=12)
        page.insert_text((40, 420), rng.choice(("odd ", "page ")) + words, fontname="helv")
        cmap = document.get_new_xref()
        document.update_object(cmap, "<<>>")
        document.update_stream(cmap, table.encode())
        for xref, *_, name, _ in page.get_fonts():
            if name == "helv":
                document.xref_set_key(xref, "ToUnicode", f"{cmap} 0 R")

    return _edited(rng, change)


def mended(rng: random.Random) -> bytes:
    """A page whose cross-reference table points nowhere; all of it is there."""
    whole = story(rng)
    place = whole.rindex(b"startxref")
    return whole[:place] + b"startxref\n%d\n%%%%EOF\n" % rng.randrange(10**6)


def a_strip_of_14400_points(rng: random.Random) -> bytes:
    def change(document: pymupdf.Document) -> None:
        document[0].set_mediabox((0, 0, 14_400, 560))

    return _edited(rng, change)


def a_picture_too_large_for_any_memory(rng: random.Random) -> bytes:
    """A page as it should be with a picture of some gigapixels, a few kilobytes packed."""

    def change(document: pymupdf.Document) -> None:
        side = rng.randrange(60_000, 65_000)
        xref = document[0].insert_image((40, 400, 200, 500), stream=_noise(rng))
        squeeze = zlib.compressobj(9)
        rows = b"".join(squeeze.compress(bytes(side)) for _ in range(2000)) + squeeze.flush()
        document.update_stream(xref, rows, compress=False)
        for key, value in (
            ("Filter", "/FlateDecode"), ("Width", str(side)), ("Height", str(side)),
            ("ColorSpace", "/DeviceGray"), ("BitsPerComponent", "8"), ("DecodeParms", "null"),
        ):  # fmt: skip
            document.xref_set_key(xref, key, value)

    return _edited(rng, change)


def _noise(rng: random.Random) -> bytes:
    data = io.BytesIO()
    Image.frombytes("L", (60, 40), rng.randbytes(2400)).save(data, "PNG")
    return data.getvalue()


REFUSED: dict[str, Maker] = {
    "pdf cut": cut,
    "pdf head only": head_only,
    "pdf encrypted": encrypted,
    "pdf without pages": no_pages,
    "pdf without catalogue": no_catalogue,
    "pdf of too many pages": too_many_pages,
    "pdf too wide": too_wide,
    "pdf 14,400 points square": all_of_14400_points,
    "pdf page without size": no_size,
    "pdf pages in a ring": pages_in_a_ring,
    "pdf itself for pages": itself_for_pages,
    "pdf tables in a ring": tables_in_a_ring,
    "pdf objects in a ring": packed_objects_in_a_ring,
}

FINE: dict[str, Maker] = {
    "pdf": story,
    "pdf with scripts": with_script,
    "pdf with files inside": with_files_inside,
    "pdf with pictures elsewhere": with_pictures_elsewhere,
    "pdf drawn in itself": drawn_in_itself,
    "pdf with broken fonts": with_broken_fonts,
    "pdf with forbidden characters": with_characters_xml_forbids,
    "pdf mended": mended,
    "pdf strip of 14,400 points": a_strip_of_14400_points,
    "pdf with a picture bomb": a_picture_too_large_for_any_memory,
}
