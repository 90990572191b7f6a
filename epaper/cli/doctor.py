"""``epaper doctor``: what is there, what is missing, how to get it."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import click

from epaper.cli.common import Session, common
from epaper.cli.options import ocr_options
from epaper.errors import ExitCode, MissingError
from epaper.export.validate import KINDS
from epaper.reading.engine import OcrOptions, Part, engine_status


@click.command("doctor")
@click.option("--brief", is_flag=True, help="Show only what is missing and needed.")
@click.option(
    "--schemas",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="EPAPER_SCHEMAS",
    metavar="DIR",
    help="Folder with the official XSD files [$EPAPER_SCHEMAS].",
)
@ocr_options
@common
def command(session: Session, brief: bool, schemas: Path | None, ocr: OcrOptions) -> ExitCode:
    """Show which engines, models, fonts and schemas are there.

    The exit status is 3 where something is missing that converting needs.

    \b
    Example:
      epaper doctor
    """
    lacking = 0
    for kind, part in _parts(ocr, schemas):
        needed = part.required and not part.present
        lacking += needed
        state = "ok" if part.present else ("MISSING" if part.required else "absent")
        session.log({"page": None, "kind": kind, "part": part.name, "status": state.lower()})
        if needed or not brief:
            click.echo(f"{state:8} {kind:8} {part.detail}", err=brief)
    if not brief:
        click.echo(
            "Something is missing that converting needs."
            if lacking
            else "All that converting needs is there; what is absent would add to it."
        )
    return ExitCode.MISSING if lacking else ExitCode.DONE


def _parts(ocr: OcrOptions, schemas: Path | None) -> Iterator[tuple[str, Part]]:
    yield "pdf", _library("pymupdf", "pip install pymupdf", required=True)
    for part in engine_status(ocr):
        yield ("model" if part.name in (ocr.det_model, ocr.rec_model) else "engine"), part
    yield "fonts", _fonts()
    yield "schema", _profile()
    for name in sorted({kind.xsd for kind in KINDS.values() if kind.xsd}):
        yield "schema", _official(schemas, name)
    yield "cluster", _library("distributed", "pip install 'epaper[cluster]', for --scheduler")


def _library(name: str, how: str, required: bool = False) -> Part:
    present = importlib.util.find_spec(name) is not None
    detail = f"{name} is installed." if present else f"{name} is not installed: {how}."
    return Part(name, present, detail, required)


def _fonts() -> Part:
    """Chinese fonts are needed to set pages, not to convert them."""
    try:
        from epaper.synth.fonts import default_fonts

        book = default_fonts()
        found = {
            kind: {f.name for t in (False, True) for f in book.faces(kind, t) if f.kind == kind}
            for kind in ("song", "hei", "kai")
        }
    except (ImportError, MissingError) as error:
        return Part(
            "fonts",
            False,
            f"{str(error).rstrip('.')}: pip install 'epaper[synth]', for synth.",
            False,
        )
    told = ", ".join(f"{len(names)} {kind}" for kind, names in found.items())
    return Part("fonts", any(found.values()), f"Chinese faces for synth: {told}.", False)


def _profile() -> Part:
    name = "epaper-profile.rng"
    present = files("epaper.export").joinpath("schema", name).is_file()
    detail = "The NewsML-G2 profile comes with epaper."
    return Part(name, present, detail if present else f"{name} is gone: install epaper again.")


def _official(schemas: Path | None, name: str) -> Part:
    how = "get it from its publisher and name its folder with --schemas or EPAPER_SCHEMAS"
    present = schemas is not None and (schemas / name).is_file()
    detail = f"{name} is in {schemas}." if present else f"The official {name} is not known: {how}."
    return Part(name, present, detail, False)
