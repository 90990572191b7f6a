"""The page model as JSON, whole and back again."""

from __future__ import annotations

from pathlib import Path

import msgspec

from epaper.errors import ExportError, InputError
from epaper.model import Page

SCHEMA = "epaper-page"
VERSION = 1


class _Head(msgspec.Struct):
    """What any version of the file starts with."""

    schema: str
    version: int


class _File(msgspec.Struct):
    """The file of this version."""

    schema: str
    version: int
    page: Page


def page_to_json(page: Page) -> bytes:
    """The page in full precision, indented, UTF-8; ExportError for text that is no Unicode."""
    try:
        data = msgspec.json.encode(_File(SCHEMA, VERSION, page))
    except UnicodeEncodeError as error:
        raise ExportError(f"page {page.id}: holds a lone surrogate, not written") from error
    return msgspec.json.format(data, indent=1) + b"\n"


def load_page(path: Path) -> Page:
    """The page a JSON file holds, equal to the one that was written.

    Raises InputError for a file that cannot be read, is of another kind or of a
    version this program does not know.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    return read_page(data, path)


def read_page(data: bytes, path: Path) -> Page:
    """The page in the bytes of a JSON file; `path` is for the errors, which are `load_page`'s."""
    try:
        head = msgspec.json.decode(data, type=_Head)
        if head.schema != SCHEMA or head.version != VERSION:
            raise InputError(
                f"{path}: is {head.schema} version {head.version}, not {SCHEMA} version {VERSION}"
            )
        return msgspec.json.decode(data, type=_File).page
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: is no page in JSON: {error}") from error
