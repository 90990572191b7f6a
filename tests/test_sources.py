"""What is found in folders, what opens, what is refused, and that pixels come out right."""

from __future__ import annotations

import io
import pickle
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from epaper.errors import InputError, LimitError
from epaper.geometry import Box
from epaper.sources.issues import find_issues, natural_key
from epaper.sources.limits import Limits
from epaper.sources.pages import PageSource, load_crops, load_image, open_pages, reading_dpi
from epaper.sources.sizes import sized

WIDTH, HEIGHT = 780, 1090  # a broadsheet page at about 51 dpi


def marked(mode: str = "RGB") -> Image.Image:
    """White paper with a black square in its top left quarter."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    image.paste((0, 0, 0), (50, 50, 250, 250))
    return image.convert(mode)


def typeset(path: Path, pages: int = 1, rotation: int = 0) -> Path:
    """A PDF of half-A4 pages with a black square in the top left corner."""
    with pymupdf.open() as document:
        for _ in range(pages):
            page = document.new_page(width=360, height=540)
            page.draw_rect((0, 0, 72, 72), color=(0, 0, 0), fill=(0, 0, 0))
            page.set_rotation(rotation)
        document.save(path)
    return path


def test_a_file_is_an_issue_by_its_stem(tmp_path: Path) -> None:
    path = typeset(tmp_path / "daily-2024.pdf")
    (issue,) = find_issues([path])
    assert (issue.id, issue.files) == ("daily-2024", (path,))


def test_each_folder_of_pages_is_an_issue_by_its_path(tmp_path: Path) -> None:
    for name in ("0605/page-10.png", "0605/page-2.png", "deep/er/1.png", "empty/note.txt"):
        target = tmp_path / "paper" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    issues = find_issues([tmp_path / "paper"])
    assert [issue.id for issue in issues] == ["0605", "deep/er"]
    assert [path.name for path in issues[0].files] == ["page-2.png", "page-10.png"]


def test_pages_beside_subfolders_carry_the_folders_own_name(tmp_path: Path) -> None:
    (tmp_path / "paper" / "sub").mkdir(parents=True)
    (tmp_path / "paper" / "1.pdf").touch()
    (tmp_path / "paper" / "sub" / "1.pdf").touch()
    assert {issue.id for issue in find_issues([tmp_path / "paper"])} == {"paper", "sub"}


def test_hidden_files_excluded_folders_and_link_loops_are_passed_over(tmp_path: Path) -> None:
    root = tmp_path / "paper"
    for name in ("a/1.jpg", "a/._1.jpg", ".trash/2.jpg", "output/picture-01.jpg"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    (root / "a" / "round").symlink_to(root, target_is_directory=True)
    issues = find_issues([root], exclude=[root / "output"])
    assert [(issue.id, [p.name for p in issue.files]) for issue in issues] == [("a", ["1.jpg"])]


def test_the_better_of_two_copies_is_read(tmp_path: Path) -> None:
    for name in ("01.jpg", "01.tif", "02.jpg"):
        (tmp_path / name).touch()
    (issue,) = find_issues([tmp_path])
    assert [path.name for path in issue.files] == ["01.tif", "02.jpg"]
    assert [path.name for path in issue.left_out] == ["01.jpg"]


def test_issues_of_one_name_stay_apart(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "front.pdf").touch()
    issues = find_issues([tmp_path / "a" / "front.pdf", tmp_path / "b" / "front.pdf"])
    assert [issue.id for issue in issues] == ["front", "front-2"]


def test_a_missing_path_and_an_empty_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.pdf does not exist"):
        find_issues([tmp_path / "nowhere.pdf"])
    with pytest.raises(InputError, match="holds no PDF or page image"):
        find_issues([tmp_path])


@given(st.lists(st.integers(0, 10**6), unique=True, max_size=20))
def test_natural_order_is_the_order_of_numbers(numbers: list[int]) -> None:
    names = sorted((Path(f"page-{n}.tif") for n in numbers), key=natural_key)
    assert names == [Path(f"page-{n}.tif") for n in sorted(numbers)]


@given(st.lists(st.text(max_size=8).filter(lambda t: "\0" not in t), max_size=8))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    assert len(sorted(map(Path, names), key=natural_key)) == len(names)


def test_a_typeset_pdf_gets_300_dpi_and_numbered_pages(tmp_path: Path) -> None:
    first, second = open_pages(typeset(tmp_path / "n.pdf", pages=2))
    assert (first.page_id, second.page_id) == ("n-p01", "n-p02")
    assert (first.width, first.height, first.dpi, first.kind) == (1500, 2250, 300.0, "pdf")
    assert second.index == 1
    assert second.count == 2


def test_a_single_page_keeps_the_stem(tmp_path: Path) -> None:
    assert open_pages(typeset(tmp_path / "A13.pdf"))[0].page_id == "A13"


def test_a_page_source_survives_pickling(tmp_path: Path) -> None:
    source = open_pages(typeset(tmp_path / "n.pdf"))[0]
    assert pickle.loads(pickle.dumps(source)) == source


def test_a_turned_pdf_page_is_upright(tmp_path: Path) -> None:
    source = open_pages(typeset(tmp_path / "n.pdf", rotation=90), dpi=72)[0]
    image = load_image(source)
    assert image.shape == (360, 540, 3)
    assert image[:60, -60:].max() == 0  # the corner went from top left to top right
    assert image[:60, :60].min() == 255


def test_a_scanned_pdf_keeps_the_resolution_of_its_image(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    marked("L").resize((1560, 2180)).save(buffer, "JPEG")
    with pymupdf.open() as document:
        page = document.new_page(width=1560 * 72 / 200, height=2180 * 72 / 200)
        page.insert_image(page.rect, stream=buffer.getvalue())
        document.save(tmp_path / "scan.pdf")
    source = open_pages(tmp_path / "scan.pdf")[0]
    assert source.dpi == pytest.approx(200, rel=0.01)
    assert (source.width, source.height) == (1560, 2180)


def test_a_part_of_a_page_is_that_part(tmp_path: Path) -> None:
    source = open_pages(typeset(tmp_path / "n.pdf"), dpi=144)[0]
    whole = load_image(source)
    part = load_image(source, box=Box(100, 120, 300, 260))
    assert part.shape == (140, 200, 3)
    assert np.abs(part.astype(int) - whole[120:260, 100:300]).mean() < 2


def illustrated(path: Path, rotation: int = 0) -> Path:
    """A PDF page with type, some of it over the lower of two pictures."""
    noise = np.random.default_rng(7).integers(0, 255, (60, 90, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "PNG")
    with pymupdf.open() as document:
        page = document.new_page(width=360, height=540)
        for top in (40, 300):
            page.insert_image((40, top, 220, top + 120), stream=buffer.getvalue())
        for y in (30, 200, 350, 480):
            page.insert_text((20, y), "图书馆昨日开馆" * 3, fontname="china-s", fontsize=14)
        page.set_rotation(rotation)
        document.save(path)
    return path


@pytest.mark.parametrize("rotation", [0, 90])
def test_crops_are_the_parts_that_are_loaded_one_by_one(tmp_path: Path, rotation: int) -> None:
    source = open_pages(illustrated(tmp_path / "n.pdf", rotation), dpi=144)[0]
    boxes = [Box(20.4, 30.2, 260, 190.7), Box(300, 400, 460.5, 500), Box(-9, -9, 40, 40)]
    crops = load_crops(source, boxes)
    assert len(crops) == len(boxes)
    for crop, box in zip(crops, boxes, strict=True):
        np.testing.assert_array_equal(crop, load_image(source, box=box))


def test_crops_of_a_scan_are_its_own_pixels(tmp_path: Path) -> None:
    marked().save(tmp_path / "p.png", dpi=(51, 51))
    source = open_pages(tmp_path / "p.png")[0]
    (corner,) = load_crops(source, [Box(40, 40, 60, 70)])
    assert corner.shape == (30, 20, 3)
    assert corner[:10].min() == 255
    assert corner[10:, 10:].max() == 0


def test_a_picture_without_type_is_the_same_without_fonts(tmp_path: Path) -> None:
    source = open_pages(illustrated(tmp_path / "n.pdf"), dpi=144)[0]
    free, written_on = Box(80, 80, 440, 320), Box(80, 600, 440, 840)
    rows = [Box(40, 2 * y - 28, 720, 2 * y + 8) for y in (30, 200, 350, 480)]
    (plain,) = load_crops(source, [free], rows)
    np.testing.assert_array_equal(plain, load_image(source, box=free))
    both = load_crops(source, [free, written_on], rows)
    np.testing.assert_array_equal(both[0], plain)
    np.testing.assert_array_equal(both[1], load_image(source, box=written_on))
    (bare,) = load_crops(source, [written_on], [])
    assert (bare != both[1]).any()


def test_no_crops_open_no_file(tmp_path: Path) -> None:
    source = open_pages(illustrated(tmp_path / "n.pdf"))[0]
    source.path.unlink()
    assert load_crops(source, []) == []


def test_a_crop_off_the_page_is_refused(tmp_path: Path) -> None:
    source = open_pages(illustrated(tmp_path / "n.pdf"))[0]
    with pytest.raises(InputError, match=r"n\.pdf.*outside the page"):
        load_crops(source, [Box(0, 0, 50, 50), Box(9000, 0, 9100, 50)])


def test_another_resolution_scales_the_part(tmp_path: Path) -> None:
    marked().save(tmp_path / "p.png", dpi=(51, 51))
    source = open_pages(tmp_path / "p.png")[0]
    assert load_image(source, dpi=102, box=Box(0, 0, 100, 50)).shape == (100, 200, 3)


@pytest.mark.parametrize(
    ("name", "mode", "options"),
    [
        ("p.jpg", "RGB", {}),
        ("p.jpg", "CMYK", {}),
        ("p.png", "P", {}),
        ("p.png", "RGBA", {}),
        ("p.png", "LA", {}),
        ("p.tif", "1", {"compression": "group4"}),
        ("p.tif", "CMYK", {}),
        ("p.jp2", "L", {}),
        ("p.webp", "RGB", {"lossless": True}),
    ],
)
def test_every_format_and_pixel_type_gives_rgb(
    tmp_path: Path, name: str, mode: str, options: dict[str, object]
) -> None:
    marked(mode).save(tmp_path / name, **options)
    image = load_image(open_pages(tmp_path / name)[0])
    assert (image.shape, image.dtype) == ((HEIGHT, WIDTH, 3), np.uint8)
    assert image[100:200, 100:200].max() < 40
    assert image[600:, 400:].min() > 225


@pytest.mark.parametrize("depth", [12, 16])
def test_deep_grey_keeps_its_tones(tmp_path: Path, depth: int) -> None:
    top = 2**depth - 1
    samples = np.tile(np.linspace(0, top, WIDTH).astype(np.uint16), (HEIGHT, 1))
    Image.fromarray(samples).save(tmp_path / "deep.tif")
    row = load_image(open_pages(tmp_path / "deep.tif")[0])[0, :, 0].astype(int)
    assert (row[0], row[-1]) == (0, 255)
    assert abs(row[WIDTH // 2] - 128) <= 2


def test_transparent_paper_is_white(tmp_path: Path) -> None:
    Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0)).save(tmp_path / "p.png")
    assert load_image(open_pages(tmp_path / "p.png")[0]).min() == 255


def test_exif_orientation_turns_the_page_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held so that the picture has to turn clockwise
    marked().save(tmp_path / "p.jpg", exif=exif)
    source = open_pages(tmp_path / "p.jpg")[0]
    image = load_image(source)
    assert (source.width, source.height) == (HEIGHT, WIDTH)
    assert image.shape == (WIDTH, HEIGHT, 3)
    assert image[100:200, HEIGHT - 200 : HEIGHT - 100].max() < 40


@pytest.mark.parametrize("suffix", [".tif", ".jpg", ".png"])
def test_the_resolution_in_a_file_is_found(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"page{suffix}"
    marked().save(path, dpi=(72, 72))
    (source,) = open_pages(path)
    assert (round(source.dpi), source.dpi_from) == (72, "file")


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_jpeg_brought_down_is_the_same_page(tmp_path: Path, orientation: int) -> None:
    path = tmp_path / "page.jpg"
    exif = Image.Exif()
    exif[0x0112] = orientation
    marked().save(path, exif=exif, quality=95)
    (source,) = open_pages(path, dpi=600)
    small = load_image(source, 300)
    large = Image.fromarray(load_image(source)).resize(small.shape[1::-1], Image.Resampling.BOX)
    assert np.abs(small.astype(int) - np.asarray(large).astype(int)).mean() < 2


@pytest.mark.parametrize(
    ("width", "height", "dpi", "wanted"),
    [
        (4606, 6437, 300, 300),  # a broadsheet
        (9212, 12874, 600, 300),
        (10200, 13200, 1200, 600),  # a letter
        (18424, 25748, 1200, 300),
        (12000, 16000, 150, 150),  # letters of no more pixels than they need
        (2550, 3300, 1200, 1200),
    ],
)
def test_scans_of_too_many_pixels_are_brought_down(
    width: int, height: int, dpi: float, wanted: float
) -> None:
    source = PageSource(Path("p.tif"), 0, 1, "p", "image", width, height, dpi, "file", "")
    assert reading_dpi(source) == wanted


def test_a_tiff_of_many_pages_gives_each_its_own_pixels(tmp_path: Path) -> None:
    pages = [Image.new("1", (WIDTH, HEIGHT), white) for white in (1, 0, 1)]
    pages[0].save(tmp_path / "i.tif", save_all=True, append_images=pages[1:], compression="group4")
    sources = open_pages(tmp_path / "i.tif")
    assert [source.page_id for source in sources] == ["i-p01", "i-p02", "i-p03"]
    assert [int(load_image(source).mean()) for source in sources] == [255, 0, 255]


def test_the_files_resolution_is_believed_where_it_makes_a_page() -> None:
    assert sized(4606, 6437, 300.0, None).dpi_from == "file"
    assert sized(4606, 6437, 72.0, None).dpi_from == "estimated"
    assert sized(4606, 6437, None, 400.0) == sized(4606, 6437, 300.0, 400.0)


@pytest.mark.parametrize("dpi", [75, 200, 300, 600])
def test_an_estimate_takes_the_sheet_for_a_broadsheet_or_a_spread(dpi: int) -> None:
    page = round(390 * dpi / 25.4), round(545 * dpi / 25.4)
    assert sized(*page, None, None).dpi == pytest.approx(dpi, rel=0.02)
    assert sized(2 * page[0], page[1], None, None).dpi == pytest.approx(dpi, rel=0.02)


def test_a_wrong_suffix_does_not_matter_where_the_content_is_clear(tmp_path: Path) -> None:
    typeset(tmp_path / "page.jpg")
    marked().save(tmp_path / "page.pdf", "PNG")
    assert open_pages(tmp_path / "page.jpg")[0].kind == "pdf"
    assert open_pages(tmp_path / "page.pdf")[0].kind == "image"


def test_unreadable_files_are_named_with_their_reason(tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").touch()
    (tmp_path / "text.pdf").write_text("not a page at all")
    (tmp_path / "torn.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<<")
    cases = {"empty.pdf": "is empty", "text.pdf": "neither a PDF", "torn.pdf": "damaged|no pages"}
    for name, reason in cases.items():
        with pytest.raises(InputError, match=f"{name}.*({reason})"):
            open_pages(tmp_path / name)


def test_an_encrypted_pdf_is_refused(tmp_path: Path) -> None:
    with pymupdf.open() as document:
        document.new_page()
        document.save(
            tmp_path / "s.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="a", owner_pw="b"
        )
    with pytest.raises(InputError, match=r"s\.pdf is encrypted"):
        open_pages(tmp_path / "s.pdf")


def test_an_image_cut_short_is_refused_when_its_pixels_are_read(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (HEIGHT, WIDTH), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "p.jpg")
    whole = (tmp_path / "p.jpg").read_bytes()
    (tmp_path / "p.jpg").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"p\.jpg is damaged or cut short"):
        load_image(open_pages(tmp_path / "p.jpg")[0])


def test_a_damaged_pdf_leaves_stderr_quiet(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data = typeset(tmp_path / "n.pdf").read_bytes()
    (tmp_path / "n.pdf").write_bytes(data[: data.rfind(b"xref")] + b"%%EOF")
    assert load_image(open_pages(tmp_path / "n.pdf")[0], dpi=72).shape == (540, 360, 3)
    assert capfd.readouterr().err == ""


def test_limits_are_kept(tmp_path: Path) -> None:
    pdf = typeset(tmp_path / "n.pdf", pages=3)
    marked().save(tmp_path / "p.png")
    for path, limits in (
        (pdf, Limits(pages=2)),
        (pdf, Limits(file_bytes=100)),
        (pdf, Limits(page_points=500)),
        (pdf, Limits(pixels=1000)),
        (tmp_path / "p.png", Limits(pixels=1000)),
    ):
        with pytest.raises(LimitError, match=path.name):
            open_pages(path, limits=limits)
