"""Archives from somebody else: what is sound comes out, and nothing else does harm."""

from __future__ import annotations

import random
import struct
import time
import tracemalloc
import zipfile
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentence import trouble

from helpers.corpus import files as archives
from helpers.corpus.errors import UnionError
from helpers.corpus.files import safe_members

PLAIN = st.characters(exclude_categories=["Cs"], exclude_characters="\0\\/:")
NAMES = st.text(PLAIN, min_size=1, max_size=9).filter(lambda name: name != "..")


def packed(parts, kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", kind) as archive:
        for name, content in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(name, content)
    return file.getvalue()


def opened(data: bytes) -> dict[str, bytes]:
    return safe_members(data, "This file", "choose another one")


def lying(content: bytes, claimed: int, *, crc: bool) -> bytes:
    """An archive whose file says that it is smaller, perhaps with a check sum to match."""
    data = bytearray(packed({"a": content}))
    for mark, size, check in ((b"PK\x03\x04", 22, 14), (b"PK\x01\x02", 24, 16)):
        at = data.rfind(mark)
        struct.pack_into("<L", data, at + size, claimed)
        if crc:
            struct.pack_into("<L", data, at + check, zlib.crc32(content[:claimed]))
    return bytes(data)


def flagged(data: bytes) -> bytes:
    """The same archive, said to need a password."""
    data = bytearray(data)
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    data[data.find(b"PK\x03\x04") + 6] |= 1
    return bytes(data)


@given(
    st.dictionaries(NAMES, st.binary(max_size=50), max_size=5),
    st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
)
def test_what_is_packed_comes_out(parts, kind):
    assert opened(packed(parts, kind)) == parts


def test_folders_are_no_files():
    assert opened(packed({"sources/": b"", "sources/a.txt": b"one"})) == {"sources/a.txt": b"one"}


def test_what_a_mac_adds_is_left_out():
    parts = {"sources/a.txt": b"one", "__MACOSX/sources/._a.txt": b"x", "sources/.DS_Store": b"y"}
    assert opened(packed(parts)) == {"sources/a.txt": b"one"}


BAD = {
    "empty": (b"", "damaged"),
    "no zip": (b"nothing of the kind", "damaged"),
    "truncated": (packed({"a": b"x" * 99})[:-30], "damaged"),
    "lies about its size": (lying(b"x" * 900_000, 10, crc=False), "damaged"),
    "too much": (packed({"a": bytes(30_000_000), "b": bytes(30_000_000)}), "more than 50 MB"),
    "packed too well": (packed({"a": bytes(11_000_000)}), "more than 50 MB"),
    "larger than may be": (bytes(archives.LARGEST_BYTES + 1), "more than 50 MB"),
    "password": (flagged(packed({"a": b"secret"})), "damaged"),
    "a way out": (packed({"good": b"x", "a/../../b": b"y"}), "damaged"),
    "an absolute path": (packed({"/etc/passwd": b"y"}), "damaged"),
    "a crowd": (packed({str(number): b"" for number in range(5_001)}), "too many files"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_hostile_archive_is_refused_at_once_and_not_unpacked(name):
    data, word = BAD[name]
    began = time.process_time()
    tracemalloc.start()
    try:
        with trouble(word):
            opened(data)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert time.process_time() - began < 10


def test_a_small_archive_may_be_packed_well():
    assert len(opened(packed({"memo.txt": b"x" * 5_000_000}))["memo.txt"]) == 5_000_000


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_any_damaged_byte_is_refused_in_a_sentence_or_does_no_harm(kind):
    chance = random.Random(1995)
    data = packed({"a.txt": b"Our Aims " * 20, "b/c.txt": b"voice"}, kind)
    for place in range(len(data)):
        hurt = bytearray(data)
        hurt[place] ^= chance.randrange(1, 256)
        try:
            found = opened(bytes(hurt))
        except UnionError as refused:
            assert "\n" not in str(refused)
        else:
            assert sum(map(len, found.values())) <= 185
