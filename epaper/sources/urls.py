"""Files on other machines, by URL: whatever fsspec reaches (S3, GCS, Azure, HTTP, SFTP…).

A URL goes through the house as a path, ``s3:/bucket/scans/01.pdf``: one that begins with
a scheme. What is done with such a file is done with a copy of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from epaper.errors import EpaperError, InputError, MissingError

# Two letters at least: one is a drive.
_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+):/")
# Their URLs name no machine.
_OF_NO_HOST = ("file", "local", "memory")


def place(text: str) -> Path:
    """A path or URL as a path; one of a file of this machine as the file's own."""
    return Path(re.sub(r"^file:/+", "/", text))


def is_url(path: Path) -> bool:
    """Whether the path stands for a URL."""
    return bool(_SCHEME.match(str(path)))


def url_of(path: Path) -> str:
    """The URL that a path stands for."""
    scheme, rest = str(path).split(":/", 1)
    return f"{scheme}://{'/' * (scheme in _OF_NO_HOST)}{rest}"


def exists(path: Path) -> bool:
    """Whether there is a file or folder, here or afar."""
    if not is_url(path):
        return path.exists()
    with reached(path) as (system, name):
        return bool(system.exists(name))


def is_file(path: Path) -> bool:
    """Whether there is a file, here or afar."""
    if not is_url(path):
        return path.is_file()
    with reached(path) as (system, name):
        return bool(system.isfile(name))


def files_below(root: Path) -> list[Path]:
    """All files below a URL."""
    with reached(root) as (system, name):
        found = system.find(name)
        start = system._strip_protocol(name).rstrip("/")
        return [root / file.removeprefix(start).lstrip("/") for file in found]


def mark_of(path: Path) -> str:
    """What changes when the file at a URL does; empty where there is none."""
    try:
        with reached(path) as (system, name):
            return str(system.ukey(name))
    except InputError:
        return ""


def fetch(path: Path, folder: Path) -> Path:
    """A copy in `folder` of the file at a URL."""
    copy = folder / path.name
    with reached(path) as (system, name):
        copy.parent.mkdir(parents=True, exist_ok=True)
        system.get_file(name, str(copy))
    return copy


@contextmanager
def at_hand(path: Path) -> Iterator[Path]:
    """The file as one of this machine: itself, or a copy for as long as it is needed."""
    if not is_url(path):
        yield path
        return
    with TemporaryDirectory(prefix="epaper-") as folder:
        yield fetch(path, Path(folder))


@contextmanager
def reached(path: Path) -> Iterator[tuple[Any, str]]:
    """The file system of a URL and what the file is called there.

    Raises MissingError where a package is not installed, InputError where anything that
    is done there fails: libraries for different places raise very different errors.
    """
    url = url_of(path)
    try:
        import fsspec.core
    except ImportError as error:
        raise MissingError(
            f"{url}: fsspec is not installed, which URLs need: pip install 'epaper[remote]'."
        ) from error
    try:
        yield fsspec.core.url_to_fs(url)
    except EpaperError:
        raise
    except ImportError as error:
        raise MissingError(f"{url}: {error}") from error
    except FileNotFoundError as error:
        raise InputError(f"{url} does not exist.") from error
    except Exception as error:
        raise InputError(f"{url}: cannot be reached ({type(error).__name__}: {error}).") from error
