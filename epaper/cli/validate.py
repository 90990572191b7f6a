"""``epaper validate``: are these files what they should be?"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from epaper.cli.common import Session, Teller, common
from epaper.errors import ExitCode, InputError, MissingError, one_line
from epaper.export.catalogue import FILE as CATALOGUE_FILE
from epaper.export.problems import Problem
from epaper.export.tree_check import doubled_guids
from epaper.export.validate import validate_file

_CHECKED = frozenset({".xml", ".json", ".pdf"})


@click.command("validate")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="FILE...",
)
@click.option(
    "--schemas",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="EPAPER_SCHEMAS",
    metavar="DIR",
    help="Folder with the official XSD files, to check against them too [$EPAPER_SCHEMAS].",
)
@common
def command(session: Session, files: tuple[Path, ...], schemas: Path | None) -> ExitCode:
    """Check files against schema, profile and what they refer to.

    FILE are files, or folders of them, from this program or any other: NewsML-G2, ALTO,
    PAGE, METS, NITF, IIIF manifests, pages in JSON, searchable PDF, catalogues. Each
    problem is one line with file, line number and remedy; the exit status is 1 where
    there is one.

    \b
    Examples:
      epaper validate output/front/front.xml
      epaper validate output/ --schemas xsd/
    """
    paths = list(_files(files))
    worst = ExitCode.DONE
    faults = 0
    missing: dict[str, None] = {}
    with Teller("files") as teller:
        teller.begin(len(paths))
        for path in paths:
            try:
                problems = _problems(path, schemas, missing)
            except InputError as error:
                teller.complain(str(error))
                session.log({"page": path.stem, "status": "failed", "error": str(error)})
                worst = error.exit_code if len(paths) == 1 else ExitCode.SOME_FAILED
                continue
            for problem in problems:
                click.echo(one_line(str(problem)))
            faults += len(problems)
            status = "failed" if problems else "done"
            session.log({"page": path.stem, "status": status, "problems": problems})
            teller.advance("")
        for sentence in missing:
            teller.complain(sentence)
    for problem in doubled_guids(path for path in paths if path.suffix.lower() == ".xml"):
        click.echo(one_line(str(problem)))
        faults += 1
    if missing:
        worst = ExitCode.MISSING
    click.echo(f"{len(paths)} files, {faults} problems.")
    return ExitCode.SOME_FAILED if faults and worst is ExitCode.DONE else worst


def _problems(path: Path, schemas: Path | None, missing: dict[str, None]) -> list[Problem]:
    """What is wrong with a file; a schema that is `missing` is noted, the rest is checked."""
    try:
        return validate_file(path, schemas)
    except MissingError as error:
        missing[str(error)] = None
        return validate_file(path)


def _files(given: Iterable[Path]) -> Iterable[Path]:
    """The files, and those below the folders that can be checked, hidden ones left out."""
    for path in given:
        if path.is_file():
            yield path
            continue
        found = sorted(
            p
            for p in path.rglob("*")
            if (p.suffix.lower() in _CHECKED or p.name == CATALOGUE_FILE)
            and not any(part.startswith(".") for part in p.relative_to(path).parts)
            and p.is_file()
        )
        if not found:
            raise InputError(f"{path} holds no file that can be checked.")
        yield from found
