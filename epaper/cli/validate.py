"""``epaper validate``: is this XML what it should be?"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from epaper.cli.common import Session, Teller, common
from epaper.errors import ExitCode, InputError, MissingError
from epaper.export.newsml_check import doubled_guids
from epaper.export.problems import Problem
from epaper.export.validate import validate_file


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
    """Check XML against the schema, the profile and its references.

    FILE are XML files, or folders of them, from this program or any other: NewsML-G2,
    ALTO, PAGE, METS, NITF. Each problem is one line with file, line number and remedy;
    the exit status is 1 where there is one.

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
                click.echo(str(problem))
            faults += len(problems)
            status = "failed" if problems else "done"
            session.log({"page": path.stem, "status": status, "problems": problems})
            teller.advance("")
        for sentence in missing:
            teller.complain(sentence)
    for problem in doubled_guids(paths):
        click.echo(str(problem))
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
    """The files, and the XML files below the folders, hidden ones left out."""
    for path in given:
        if path.is_file():
            yield path
            continue
        found = sorted(
            p
            for p in path.rglob("*.xml")
            if not any(part.startswith(".") for part in p.relative_to(path).parts)
        )
        if not found:
            raise InputError(f"{path} holds no XML file.")
        yield from found
