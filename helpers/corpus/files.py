"""Files: read and written whole, tables safe for spreadsheets, archives without a surprise."""

import csv
import errno
import io
import os
import re
import tempfile
import tomllib
import zipfile
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from helpers.corpus.errors import UnionError

LARGEST_BYTES = 50_000_000
MOST_PACKED = 200  # bytes out of one: prose packs three- to tenfold, a zip bomb a thousandfold
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, ValueError, EOFError, RuntimeError, OSError)
LEADS_OUT = re.compile(r"^[/\\]|(^|[/\\])\.\.([/\\]|$)")
FORMULA = re.compile("'*[=+@\\-\t\r\n＝＋－＠]")


@cache
def says() -> dict[str, Any]:
    """What is said about files, and how formats are read: ``files.toml``."""
    return read_toml(Path(__file__).with_name("files.toml"))


def trouble(key: str, **values: object) -> UnionError:
    """A sentence of ``files.toml`` with its gaps filled, as an error to raise."""
    return UnionError(says()["trouble"][key].format(**values))


def file_bytes(path: Path, advice: str, largest: int = LARGEST_BYTES) -> bytes:
    """The bytes of a file, if it is one and not too large; else a UnionError with advice."""
    try:
        if not path.is_file():
            raise UnionError(f"There is no file {path.name}: {advice}.")
        if path.stat().st_size > largest:
            raise UnionError(f"{path.name} is larger than {largest / 1_000_000:g} MB: {advice}.")
        return path.read_bytes()
    except OSError as problem:
        raise UnionError(f"{path.name} cannot be read ({problem.strerror}): {advice}.") from None


def safe_members(
    data: bytes, name: str, advice: str, largest: int = LARGEST_BYTES
) -> dict[str, bytes]:
    """The files in a zip archive, by their names; no more is unpacked than ``largest`` bytes.

    ``name`` is what messages call the archive, ``advice`` what they say to do about it. Raises
    :class:`UnionError` for what is no whole zip archive, or too large. What a Mac adds is left out.

    >>> packed = io.BytesIO()
    >>> with zipfile.ZipFile(packed, "w") as archive:
    ...     archive.writestr("aims.txt", "Our Aims")
    >>> safe_members(packed.getvalue(), "aims.zip", "choose another file")
    {'aims.txt': b'Our Aims'}
    """
    if len(data) > largest or data.count(b"PK\x01\x02") > 5_000:
        raise trouble("archive_large", name=name, most=largest // 1_000_000, advice=advice)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            wanted = [each for each in archive.infolist() if not each.is_dir()]
            if any(LEADS_OUT.search(each.filename) for each in wanted):
                raise zipfile.BadZipFile  # a name that leads out of the archive
            total = sum(each.file_size for each in wanted)
            if total > min(largest, max(10_000_000, MOST_PACKED * len(data))):
                raise trouble("archive_large", name=name, most=largest // 1_000_000, advice=advice)
            found = {each.filename: archive.read(each) for each in wanted}
    except UnionError:
        raise
    except BROKEN_ZIP:
        raise UnionError(f"{name} is damaged or of another kind: {advice}.") from None
    return {each: found[each] for each in found if not re.search(r"^__MACOSX/|\.DS_Store$", each)}


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file. Raises :class:`UnionError` for one that is missing or broken."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        folder = path.parent.name
        raise UnionError(
            f"There is no file {path.name} in {folder}: get a fresh copy of the project."
        ) from None
    except UnicodeDecodeError:
        raise UnionError(f"{path.name} is not written in UTF-8: save it as UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        said = f"{str(problem)[:1].lower()}{str(problem)[1:]}"
        raise UnionError(f"{path.name} cannot be read: {said}: correct it there.") from None


def atomic_write(path: Path, data: bytes) -> None:
    """Put a file in its place in one step, when all of it is on the disk."""
    half = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, half = tempfile.mkstemp(
            prefix=f".{path.name[:40]}-", suffix=".part", dir=path.parent
        )
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(half).chmod(0o644)
        Path(half).replace(path)
    except OSError as problem:
        if half:
            Path(half).unlink(missing_ok=True)
        raise trouble("unwritten", name=path.name, problem=problem.strerror) from None


def disk_trouble(problem: OSError, folder: Path) -> UnionError:
    """What to say where something could not be saved in the work folder.

    >>> print(disk_trouble(OSError(28, "No space left on device"), Path("my-work")))
    The disk is full, so this was not saved in the work folder (my-work): delete something you do \
not need, then do it again.
    """
    full = problem.errno in (errno.ENOSPC, errno.EDQUOT)
    locked = problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
    key = "disk_full" if full else "disk_locked" if locked else "disk"
    return trouble(key, folder=folder.name, problem=problem.strerror)


def read_cells(path: Path) -> list[list[str]]:
    """The rows of a CSV file, whether commas, semicolons or tabs part the cells."""
    data = file_bytes(path, "choose another file, or check its name and folder")
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST_BYTES))
    try:
        text = data.decode("utf-8-sig")
        parting = max(",;\t", key=text.partition("\n")[0].count)
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=parting, strict=True))
    except UnicodeDecodeError:
        raise trouble("csv_letters", name=path.name) from None
    except csv.Error:
        raise trouble("csv_broken", name=path.name) from None


def bare_cell(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from reckoning it."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _safe_cell(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def write_csv(head: Iterable[str], rows: Iterable[Iterable[object]], path: str | Path) -> Path:
    """Write rows to a CSV file (UTF-8 with a byte-order mark), texts safe from being reckoned.

    >>> path = write_csv(["coder", "alpha"], [["=1+1", -0.5]], Path(tempfile.mkdtemp(), "a.csv"))
    >>> path.read_text(encoding="utf-8-sig").splitlines()
    ['coder,alpha', "'=1+1,-0.5"]
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")  # so that it quotes either half of a line end
    writer.writerows([_safe_cell(cell) for cell in row] for row in (head, *rows))
    atomic_write(Path(path), table.getvalue().encode("utf-8-sig", "replace"))
    return Path(path)


def whole_characters(text: str) -> str:
    """A text in which half characters, which no file and no page can hold, are replaced.

    >>> whole_characters("half \\ud83d of it")
    'half � of it'
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
