"""Groups of options that arrive as one value: the OCR engine, the provider."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from epaper.batch.depot import stage_of
from epaper.batch.plan import PAGE_SECONDS
from epaper.batch.pool import Limits
from epaper.export.options import ExportOptions
from epaper.reading.engine import OcrOptions, Runtime
from epaper.sources.urls import exists, is_url, place


class Place(click.Path):
    """A path, or the URL of a file or folder as `sources.urls` has it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if "://" not in str(value):
            return Path(os.fsdecode(super().convert(value, param, ctx)))
        found = place(str(value))
        if self.exists and not exists(found):
            self.fail(f"{value} does not exist", param, ctx)
        return found


class Output(Place):
    """The folder of an output; for a URL the stage, which knows how its pages stand."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        found = super().convert(value, param, ctx)
        return stage_of(found) if is_url(found) else found


Command = TypeVar("Command", bound=Callable[..., Any])

_OCR = OcrOptions()
_EXPORT = ExportOptions()


def ocr_options(command: Command) -> Command:
    """Options of the OCR engine, handed on as `ocr`."""

    @click.option(
        "--models",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="DIR",
        help="Folder of PaddleOCR model folders, instead of the models that come along.",
    )
    @click.option("--det-model", default=_OCR.det_model, show_default=True, metavar="NAME")
    @click.option("--rec-model", default=_OCR.rec_model, show_default=True, metavar="NAME")
    @click.option(
        "--runtime",
        type=click.Choice(get_args(Runtime)),
        default=_OCR.runtime,
        show_default=True,
        help="What runs the models.",
    )
    @click.option(
        "--device", default=_OCR.device, show_default=True, help="cpu, or gpu:0 and so on."
    )
    @wraps(command)
    def wrapped(
        *args: Any,
        models: Path | None,
        det_model: str,
        rec_model: str,
        runtime: Runtime,
        device: str,
        **options: Any,
    ) -> Any:
        ocr = OcrOptions(
            model_dir=models,
            det_model=det_model,
            rec_model=rec_model,
            runtime=runtime,
            device=device,
        )
        return command(*args, ocr=ocr, **options)

    return wrapped  # type: ignore[return-value]


def limit_options(command: Command) -> Command:
    """Options of what one page may take, handed on as `limits`."""

    @click.option(
        "--page-timeout",
        type=click.FloatRange(min=1),
        default=PAGE_SECONDS,
        show_default=True,
        metavar="SECONDS",
        help="Stop a page that takes longer, and try it once more in a plainer way.",
    )
    @click.option(
        "--page-memory",
        type=click.FloatRange(min=256),
        metavar="MIB",
        help="Likewise a page that takes more memory [default: a worker's share of it].",
    )
    @wraps(command)
    def wrapped(*args: Any, page_timeout: float, page_memory: float | None, **options: Any) -> Any:
        return command(*args, limits=Limits(page_timeout, page_memory or 0), **options)

    return wrapped  # type: ignore[return-value]


def provider_options(command: Command) -> Command:
    """Options of who provides the messages, handed on as `export`."""

    @click.option(
        "--provider",
        default=_EXPORT.provider,
        show_default=True,
        help="Who provides the messages: a name or a URI.",
    )
    @click.option(
        "--authority",
        default=_EXPORT.authority,
        show_default=True,
        metavar="DOMAIN",
        help="Domain in the guids.",
    )
    @click.option(
        "--scheme-base",
        default=_EXPORT.base,
        show_default=True,
        metavar="URI",
        help="Start of the house schemes' URIs.",
    )
    @click.option(
        "--iiif-base",
        default=_EXPORT.iiif,
        show_default=True,
        metavar="URI",
        help="Where the output is published, for the ids in IIIF manifests.",
    )
    @click.option(
        "--iiif-images",
        default=_EXPORT.iiif_images,
        metavar="URI",
        help="IIIF image service of the pages [default: image/ below --iiif-base].",
    )
    @click.option("--language", metavar="TAG", help="Language of the pages, zh-Hans and so on.")
    @wraps(command)
    def wrapped(
        *args: Any,
        provider: str,
        authority: str,
        scheme_base: str,
        iiif_base: str,
        iiif_images: str,
        language: str | None,
        **options: Any,
    ) -> Any:
        export = ExportOptions(
            provider=provider,
            authority=authority,
            base=scheme_base,
            language=language,
            iiif=iiif_base,
            iiif_images=iiif_images,
        )
        return command(*args, export=export, **options)

    return wrapped  # type: ignore[return-value]
