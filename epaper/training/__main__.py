"""``python -m epaper.training``: fit the models of links and of pictures, and measure them.

Pages come from ``epaper synth``: `train` styles to fit, `held-out` ones to measure. Scans
beside them (``--scan``) are trained on too where ``read`` has read them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import click

from epaper.errors import InputError
from epaper.layout import learned, pictured, scoring
from epaper.model import Page
from epaper.quality.truth import Truth
from epaper.reading import ocr_words
from epaper.training.blend import blend
from epaper.training.examples import Sample, load, samples, seeded
from epaper.training.fit import Table, fit, joined, sharpened, table_of
from epaper.training.language import save_language
from epaper.training.measure import (
    Tally,
    count_articles,
    count_links,
    kind_of,
    reliability,
    table,
)
from epaper.training.pictures import Examples, examples, fit_pictures
from epaper.training.scans import read_scan, scans_of
from epaper.training.wear import NEAR, ROUGH, as_read
from epaper.training.words import word_table

_Folders = click.argument(
    "folders",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
Command: TypeAlias = Callable[..., Any]
# One page in this many is held back to make the chances true.
_HELD_BACK = 7


@dataclass(frozen=True, slots=True)
class Copies:
    """How often a page is learned from beside its text layer: its likenesses and scans."""

    worn: int
    rough: int
    scans: int


def _copies(rough: int, scans: int) -> Callable[[Command], Command]:
    """The options of `Copies`, with these defaults for all but `worn`."""
    options = (
        click.option("--worn", default=1, show_default=True, help="Likenesses of OCR a page."),
        click.option("--rough", default=rough, show_default=True, help="Likenesses all in pieces."),
        click.option("--scans", default=scans, show_default=True, help="Times each scan counts."),
    )

    def decorated(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorated


@click.group()
def main() -> None:
    """Train the models of links and pictures, and count what the reading knows of words."""


@main.command("read")
@_Folders
def read_command(folders: tuple[Path, ...]) -> None:
    """Read the scans beside the typeset pages in FOLDERS, to be trained on with them."""
    for path in _pages(folders):
        for scan in sorted(path.parent.glob(f"{path.stem}.scan*.jpg")):
            click.echo(read_scan(scan))


@main.command("fit")
@_Folders
@_copies(rough=1, scans=2)
@click.option("--seed", default=1, show_default=True, help="Of wear and of the trees.")
@click.option("--rounds", default=300, show_default=True, help="Trees.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path(learned.__file__).with_name(learned.WEIGHTS),
    help="Where the weights go [default: into the package].",
)
def fit_command(
    folders: tuple[Path, ...], seed: int, rounds: int, out: Path, **copies: int
) -> None:
    """Fit to all typeset pages (PDF with truth) in FOLDERS."""
    words = word_table()
    kept: list[Table] = []
    held: list[Table] = []
    for n, path in enumerate(_pages(folders)):
        variants = _to_learn(path, Copies(**copies), seed)
        found = table_of([s for page, truth in variants for s in samples(page, truth)], words)
        (held if n % _HELD_BACK == 0 else kept).append(found)
    if not kept:
        raise click.UsageError("At least two pages are needed: one is held back.")
    model = sharpened(fit(joined(kept), words, seed, rounds), joined(held))
    with out.open("wb") as stream:
        learned.save_model(model, stream)
    click.echo(f"{out}: {len(kept)} pages, {len(held)} held back, sharpness {model.sharpness:.2f}")


@main.command("pictures")
@_Folders
@_copies(rough=0, scans=1)
@click.option("--seed", default=1, show_default=True, help="Of wear and of the trees.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path(learned.__file__).with_name(pictured.WEIGHTS),
    help="Where the weights go [default: into the package].",
)
def pictures_command(folders: tuple[Path, ...], seed: int, out: Path, **copies: int) -> None:
    """Fit captions and places of pictures to all typeset pages in FOLDERS."""
    kept, held = Examples(), Examples()
    for n, path in enumerate(_pages(folders)):
        part = held if n % _HELD_BACK == 0 else kept
        for page, truth in _to_learn(path, Copies(**copies), seed):
            part.add(examples(page, truth))
    if not kept.place_rows or not held.place_rows:
        raise click.UsageError("More pages with pictures are needed; one in seven is held back.")
    models = fit_pictures(kept, held, seed)
    with out.open("wb") as stream:
        pictured.save_models(models, stream)
    sharp = ", ".join(f"{kind} {model.sharpness:.2f}" for kind, model in models.items())
    click.echo(f"{out}: {len(kept.place_right)} figures, sharpness {sharp}")


_File = click.Path(exists=True, dir_okay=False, path_type=Path)


@main.command("blend")
@click.argument("first", type=_File)
@click.argument("second", type=_File)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def blend_command(first: Path, second: Path, out: Path) -> None:
    """Write the mean of the models in FIRST and SECOND (both of links or of pictures) to OUT."""
    blend(first, second, out)


@main.command("language")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path(ocr_words.__file__).with_name(ocr_words.WORDS),
    help="Where the counts go [default: into the package].",
)
def language_command(out: Path) -> None:
    """Count which characters follow each other, for the reading of doubtful ones."""
    with out.open("wb") as stream:
        pairs = save_language(stream)
    click.echo(f"{out}: {pairs} pairs")


@main.command("measure")
@_Folders
@click.option("--seed", default=1001, show_default=True, help="Of wear.")
def measure_command(folders: tuple[Path, ...], seed: int) -> None:
    """Links and articles of the pages in FOLDERS, scored by hand and by the model."""
    scorers = {"by hand": scoring.score_matrix, "learned": learned.scores}
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for path in _pages(folders):
        page, truth = load(path)
        for kind, variant, found in _variants(page, truth, path, seed):
            for name, scorer in scorers.items():
                count_links(tallies[kind, name], found, scorer)
                count_articles(tallies[kind, name], variant, truth, scorer)
    click.echo(table(tallies))
    chances = [c for (_, name), t in tallies.items() if name == "learned" for c in t.chances]
    click.echo("\nchance from  links  mean chance  right")
    for low, count, mean, right in reliability(chances):
        click.echo(f"{low:11.2f} {count:6} {mean:12.3f} {right:6.3f}")


def _to_learn(path: Path, copies: Copies, seed: int) -> Iterator[tuple[Page, Truth]]:
    """A typeset page, likenesses of OCR made of it, and its scans that were read."""
    page, truth = load(path)
    yield page, truth
    for manner, count in ((NEAR, copies.worn), (ROUGH, copies.rough)):
        for k in range(count):
            yield as_read(page, seeded(path, seed + k), manner), truth
    for scan in scans_of(page, truth, path):
        yield from (scan,) * copies.scans


def _variants(
    page: Page, truth: Truth, path: Path, seed: int
) -> Iterator[tuple[str, Page, list[Sample]]]:
    for worn in (False, True):
        variant = as_read(page, seeded(path, seed)) if worn else page
        yield kind_of(variant, worn), variant, samples(variant, truth)


def _pages(folders: tuple[Path, ...]) -> list[Path]:
    found = sorted(path for folder in folders for path in folder.glob("*.pdf"))
    if not found:
        raise InputError(f"{folders[0]}: there are no typeset pages (PDF with JSON) in it.")
    return found


if __name__ == "__main__":
    main()
