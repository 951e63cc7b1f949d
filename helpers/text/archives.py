"""Files from somebody else, and what is in a zip archive among them: looked through before anything in it is believed."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from helpers.text.errors import UnionError

LARGEST_BYTES = 50_000_000
MOST_MEMBERS = 5_000
MOST_PACKED = 200  # bytes out of one: prose packs three- to tenfold, a zip bomb a thousandfold
_SMALL_BYTES = 10_000_000  # up to here, any packing does no harm
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack without a limit


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


def safe_members(data: bytes, name: str, advice: str, largest: int = LARGEST_BYTES) -> dict[str, bytes]:
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
    if data.count(b"PK\x01\x02") > MOST_MEMBERS:  # counted in the bytes, as a list of millions would take long to read
        raise UnionError(f"{name} holds more than {MOST_MEMBERS:,} files: {advice}.")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            listed = archive.infolist()
            if problem := _problem(listed, len(data), largest):
                raise UnionError(f"{name} {problem}: {advice}.")
            return {info.filename: _content(archive, info) for info in listed if not info.is_dir()}
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, RuntimeError, OSError) as problem:
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
