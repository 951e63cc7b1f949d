"""Files: read and written whole, tables safe for spreadsheets, archives looked through before they are believed."""

from __future__ import annotations

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
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from helpers.corpus.errors import UnionError

LARGEST_BYTES = 50_000_000
MOST_MEMBERS = 5_000
MOST_PACKED = 200  # bytes out of one: prose packs three- to tenfold, a zip bomb a thousandfold
_SMALL_BYTES = 10_000_000  # up to here, any packing does no harm
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack without a limit
FORMULA = re.compile("'*[=+@\\-\t\r\n＝＋－＠]")


def file_bytes(path: Path, advice: str, largest: int = LARGEST_BYTES) -> bytes:
    """The bytes of a file. Raises :class:`UnionError`, which says ``advice``, for one that is missing, too large or not to be read."""
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
    """The files in a zip archive, by their names; nothing is written anywhere, and no more unpacked than ``largest`` bytes.

    ``name`` is what messages call the archive, ``advice`` what they say to do
    about it. Raises :class:`UnionError` for what is no whole zip archive or has
    a password, an unusual packing, a name twice or one that leads out of the
    archive, too many files, too much in them, or more in one than it says.
    What has passed, another library may open.

    >>> packed = BytesIO()
    >>> with zipfile.ZipFile(packed, "w") as archive:
    ...     archive.writestr("aims.txt", "Our Aims")
    >>> safe_members(packed.getvalue(), "aims.zip", "choose another file")
    {'aims.txt': b'Our Aims'}
    """
    if len(data) > largest:
        raise UnionError(f"{name} is larger than {largest / 1_000_000:g} MB: {advice}.")
    if (
        data.count(b"PK\x01\x02") > MOST_MEMBERS
    ):  # counted in the bytes, as a list of millions would take long to read
        raise UnionError(f"{name} holds more than {MOST_MEMBERS:,} files: {advice}.")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            listed = archive.infolist()
            if problem := _problem(listed, len(data), largest):
                raise UnionError(f"{name} {problem}: {advice}.")
            return {info.filename: _content(archive, info) for info in listed if not info.is_dir()}
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as problem:
        if isinstance(problem, UnionError):
            raise
        raise UnionError(f"{name} is damaged or of another kind: {advice}.") from None


def _problem(listed: list[zipfile.ZipInfo], packed: int, largest: int) -> str:
    """What is wrong with an archive by its own list, or nothing."""
    names, total = [info.filename for info in listed], sum(info.file_size for info in listed)
    if len(set(names)) < len(names):
        return "holds two files of one name"
    if any(_leads_out(name) for name in names):
        return "holds a file whose name leads out of it"
    if any(info.flag_bits & 1 for info in listed):
        return "has a password"
    if any(info.compress_type not in _PACKINGS for info in listed):
        return "is packed in an unusual way"
    if total > largest:
        return f"unpacks to more than {largest / 1_000_000:g} MB"
    if total > _SMALL_BYTES and total > MOST_PACKED * packed:
        return f"unpacks to more than {MOST_PACKED} times its size"
    return ""


def _leads_out(name: str) -> bool:
    """Whether the name of a file in an archive is a path to somewhere else.

    >>> _leads_out("word/document.xml"), _leads_out("../journal.jsonl"), _leads_out("C:" + chr(92) + "aims.txt")
    (False, True, True)
    """
    parts = name.replace("\\", "/").split("/")
    return not name or not parts[0] or ".." in parts or parts[0].endswith(":")


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The bytes of one file, of which there must be as many as it says."""
    claimed = info.file_size
    info.file_size = claimed + 1  # else what is beyond the claim would be cut off in silence
    with archive.open(info) as file:
        content = file.read(claimed + 1)
    if len(content) != claimed:
        raise zipfile.BadZipFile
    return content


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file. Raises :class:`UnionError`, with the line, for one that is missing or broken."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise UnionError(
            f"There is no file {path.name} in {path.parent.name}: get a fresh copy of the project."
        ) from None
    except UnicodeDecodeError:
        raise UnionError(f"{path.name} is not written in UTF-8: save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as problem:
        raise UnionError(
            f"{path.name} cannot be read: {str(problem)[:1].lower()}{str(problem)[1:]}: correct it there."
        ) from None


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
        raise UnionError(
            f"The file {path.name} could not be written ({problem.strerror}): check the folder, then save again."
        ) from None


def disk_trouble(problem: OSError, folder: Path) -> UnionError:
    """What to say where something could not be saved in the work folder.

    >>> print(disk_trouble(OSError(28, "No space left on device"), Path("my-work")))
    The disk is full, so this was not saved in the work folder (my-work): delete something you do not need, then do it again.
    """
    where = f"the work folder ({folder.name})"
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return UnionError(
            f"The disk is full, so this was not saved in {where}: delete something you do not need, then do it again."
        )
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return UnionError(
            f"Nothing may be written to {where}, so this was not saved: ask for the right to write there, then do it again."
        )
    return UnionError(
        f"This was not saved in {where} ({problem.strerror}): check the folder, then do it again."
    )


def read_cells(path: Path) -> list[list[str]]:
    """The rows of a CSV file, whether commas, semicolons or tabs part the cells."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise UnionError(f"The file {path.name} is too large for a table: choose another.")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnionError(
            f"The file {path.name} is not written in UTF-8: save it as “CSV UTF-8”."
        ) from None
    except OSError as problem:
        raise UnionError(
            f"The file {path.name} cannot be read ({problem.strerror}): check its name and folder."
        ) from None
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST_BYTES))
    parting = max(",;\t", key=re.match(r"[^\r\n]*", text)[0].count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=parting, strict=True))
    except csv.Error:
        raise UnionError(
            f"The file {path.name} is broken or no CSV file: check its quotation marks, or save it again."
        ) from None


def bare_cell(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from reckoning it."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def write_csv(head: Iterable[str], rows: Iterable[Iterable[object]], path: str | Path) -> Path:
    """Write rows to a CSV file as :func:`write_codings` does: numbers as they are, texts safe from being reckoned.

    >>> import tempfile
    >>> print(write_csv(["coder", "alpha"], [["=1+1", -0.5]], Path(tempfile.mkdtemp(), "figures.csv")).read_text("utf-8-sig"))
    coder,alpha
    '=1+1,-0.5
    <BLANKLINE>
    """
    path, lines = Path(path), []
    # Up to Python 3.12 the writer quotes a carriage return only where its own line ends have one.
    writer = csv.writer(
        SimpleNamespace(write=lambda line: lines.append(line.removesuffix("\r\n"))),
        lineterminator="\r\n",
    )
    for row in (head, *rows):
        writer.writerow(
            [
                f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else str(cell)
                for cell in row
            ]
        )
    atomic_write(path, "\n".join([*lines, ""]).encode("utf-8-sig", "replace"))
    return path


def whole_characters(text: str) -> str:
    """A text in which half characters, which no file and no page can hold, are replaced.

    >>> whole_characters("half \\ud83d of it")
    'half � of it'
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
