"""`plantation export FOLDER`."""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--collective", metavar="CODE", help="The collective's code; needed where there are several.")
@click.option("--workbook", is_flag=True, help="The tables as sheets of village.xlsx instead of .csv files.")
@click.pass_context
def export(ctx: click.Context, folder: Path, collective: str | None, workbook: bool) -> None:
    """Write all files of a collective into FOLDER, as they stand at one moment. Files of these names are replaced."""
    from plantation.exchange.workbooks import write_workbook
    from plantation.services.desk import Desk, choose_collective
    from plantation.services.folder.export_folder import count_lines, export_files, export_maps, export_sheets

    with ctx.obj().read(still=True) as session:
        desk = Desk(session, choose_collective(session, collective), "cli", dt.datetime.now(dt.UTC))
        with click.progressbar(length=count_lines(desk), label="Exporting", file=sys.stderr) as bar:
            if workbook:
                others = {"village.xlsx": lambda path: write_workbook(path, export_sheets(desk, bar.update))}
                names = write_files(folder, export_maps(desk, bar.update), others)
            else:
                names = write_files(folder, export_files(desk, bar.update))
    click.echo(f"{len(names)} files of collective {desk.collective.code} are in {folder}.")


def write_files(
    folder: Path, files: Iterable[tuple[str, Iterator[str]]], others: Mapping[str, Callable[[Path], None]] | None = None
) -> list[str]:
    """Write `files` as text and let `others` write theirs. Every file goes into a folder inside `folder` first, then
    all are moved up one by one: a full disk, a fault on the way or a target that cannot be written leaves what was
    there as it was. Returns the names.
    """
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    written = None
    try:
        written = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
        names = []
        for name, pieces in files:
            with (written / name).open("w", encoding="utf-8", newline="") as file:
                file.writelines(pieces)
            names.append(name)
        for name, write in (others or {}).items():
            write(written / name)
            names.append(name)
        for name in names:
            if (folder / name).is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(folder / name))
        for name in names:
            (written / name).replace(folder / name)
    except BaseException:
        if is_new:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        if written is not None:
            shutil.rmtree(written, ignore_errors=True)
    return names
