"""The page model as JSON, whole and back again."""

from __future__ import annotations

import inspect
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from epaper.errors import ExportError, InputError
from epaper.model import Page

SCHEMA: Final = "epaper-page"
VERSION: Final = 1


class _Head(msgspec.Struct):
    """What any version of the file starts with."""

    schema: str
    version: int


class _File(msgspec.Struct):
    """A newspaper page: what was read of it, where it stands, and what was made of it."""

    schema: Literal["epaper-page"]
    version: Literal[1]
    page: Page


def page_to_json(page: Page) -> bytes:
    """The page in full precision, UTF-8, each object of a list on a line of its own.

    Raises ExportError for text that is no Unicode.
    """
    try:
        data = msgspec.json.encode(_File(SCHEMA, VERSION, page))
    except UnicodeEncodeError as error:
        raise ExportError(f"page {page.id}: holds a lone surrogate, not written") from error
    # No text holds these marks, since a quotation mark in one is escaped.
    return data.replace(b'},{"', b'},\n{"').replace(b':[{"', b':[\n{"') + b"\n"


def json_schema() -> bytes:
    """The JSON Schema (2020-12) of the file, made from the model.

    A field that is added keeps the version; one that goes or means something else
    raises it.
    """
    made: dict[str, Any] = msgspec.json.schema(_File)
    for definition in made["$defs"].values():
        if "description" in definition:
            definition["description"] = inspect.cleandoc(definition["description"])
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:epaper:schema:{SCHEMA}:{VERSION}",
        "title": f"{SCHEMA} version {VERSION}",
    }
    return msgspec.json.format(msgspec.json.encode(head | made), indent=1) + b"\n"


def shipped_schema() -> bytes:
    """The schema as it comes with the package."""
    name = f"schema/{SCHEMA}-{VERSION}.schema.json"
    return files("epaper.export").joinpath(name).read_bytes()


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
        return page_of(data)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: is no page in JSON: {error}") from error


def page_of(data: bytes) -> Page:
    """The page that JSON holds.

    Raises InputError for another kind or version and msgspec.DecodeError, which names
    the place, where it is not as the schema says.
    """
    head = msgspec.json.decode(data, type=_Head)
    if head.schema != SCHEMA or head.version != VERSION:
        raise InputError(f"is {head.schema} version {head.version}, not {SCHEMA} version {VERSION}")
    return msgspec.json.decode(data, type=_File).page
