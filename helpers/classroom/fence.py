"""A fence around a process that is about to run somebody else's code: what it may read, write, start and use up.

Three fences stand one behind the other, as far as the system has them. Python's audit hooks (PEP 578) are there everywhere,
and refuse with a sentence; they stop ordinary code and no expert. Resource limits are there on Linux and, in part, on macOS.
Landlock (Linux 5.13 or later; for the network 6.7) is kept by the kernel, for compiled code and for child processes too. Once
a process is fenced, nothing in it takes the fence down again.
"""

from __future__ import annotations

import contextlib
import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_REFUSED = (
    "socket.",
    "subprocess.",
    "ctypes.",
    "winreg.",
    "pty.",
    "urllib.",
    "ftplib.",
    "smtplib.",
    "gc.get_",
    "os.exec",
    "os.fork",
    "os.kill",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
    "signal.pthread_kill",
    "sys._current_frames",
    "sys.settrace",
    "code.__new__",
)
_WRITES = (
    "os.chmod",
    "os.chown",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.symlink",
    "os.truncate",
    "os.utime",
)
_READS = ("os.listdir", "os.scandir", "os.chdir", "sqlite3.connect")
_CLOSED = (
    "lxml",
    "zmq",
    "psutil",
    "_posixsubprocess",
)  # compiled code that opens files, lines or programs unseen
_SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/System/Library",
    "/Library/Fonts",
)
_READ_FILE, _READ_FOLDER, _ALL_OF_FIRST = 4, 8, (1 << 13) - 1  # rights of Landlock


def fence_in(
    readable: Sequence[str], writable: str, *, seconds: int, megabytes: int, file_megabytes: int
) -> list[str]:
    """Fence this process in, for good: it reads in some folders and in the system's, writes in one, and starts and calls nothing.

    Gives a list in which from now on stands what was refused.
    """
    for name in [each for each in sys.modules if each.startswith(_CLOSED)]:
        del sys.modules[name]
    subprocess.__dict__.pop("_fork_exec", None)
    readable = [
        os.path.realpath(path)
        for path in [*readable, *_SYSTEM, *_pythons(), writable]
        if Path(path).exists()
    ]
    _limit(seconds, megabytes, file_megabytes)
    if sys.platform == "linux":
        _landlock(readable, os.path.realpath(writable))
    return _hook(tuple(readable), os.path.realpath(writable))


def _pythons() -> list[str]:
    """Where Python and its packages are."""
    return [
        sys.prefix,
        sys.base_prefix,
        str(Path(os.__file__).parent),
        *(path for path in sys.path if path.endswith("-packages")),
    ]


def _limit(seconds: int, megabytes: int, file_megabytes: int) -> None:
    """Limits on processor time, memory, the size of a file and of open files, and no new processes (but for the superuser)."""
    try:
        import resource
    except ImportError:  # Windows has none
        return
    wanted = {
        "CPU": seconds,
        "AS": megabytes << 20,
        "FSIZE": file_megabytes << 20,
        "NOFILE": 256,
        "CORE": 0,
        "NPROC": 0,
    }
    for name, most in wanted.items():
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


def _landlock(readable: Sequence[str], writable: str) -> None:
    """Have the kernel keep the fence, where it can; Landlock's three calls have the same numbers on every machine."""
    import ctypes

    kernel = ctypes.CDLL(None, use_errno=True)
    version = kernel.syscall(444, None, 0, 1)
    if version < 1:
        return
    files = _ALL_OF_FIRST | (version > 1) << 13 | (version > 2) << 14
    rules = struct.pack("QQ", files, 3 if version > 3 else 0)[: 16 if version > 3 else 8]
    fence = kernel.syscall(444, rules, len(rules), 0)
    for path in {*readable, writable}:
        rights = _READ_FILE | _READ_FOLDER * Path(path).is_dir() if path != writable else files
        here = os.open(path, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
        kernel.syscall(445, fence, 1, struct.pack("=Qi", rights, here), 0)
        os.close(here)
    kernel.prctl(38, 1, 0, 0, 0)  # no new privileges, which the next call asks for
    kernel.syscall(446, fence, 0)
    os.close(fence)


def _hook(readable: tuple[str, ...], writable: str) -> list[str]:
    """Have Python keep the fence. What it needs is bound here, so that nobody can swap it afterwards."""
    real, inside, fspath, separator, found = (
        os.path.realpath,
        str.startswith,
        os.fsdecode,
        os.sep,
        [],
    )
    changes, nothing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND, os.devnull
    refused, writes, reads, closed = _REFUSED, _WRITES, _READS, _CLOSED
    words, some, kind = (str, bytes, os.PathLike), any, isinstance

    def outside(paths: Sequence[object], folders: tuple[str, ...]) -> bool:
        places = [
            real(fspath(path)) for path in paths if kind(path, words)
        ]  # a number is a file that is open already
        return some(
            place != nothing
            and not some(
                place == each or inside(place, each.rstrip(separator) + separator)
                for each in folders
            )
            for place in places
        )

    def refuse(told: str) -> None:
        found.append(told)
        raise PermissionError(told)

    def keep(event: str, given: tuple) -> None:
        if inside(event, refused) or (event == "import" and inside(given[0], closed)):
            refuse(
                "An assignment may not use the network, start programs or look into the machine."
            )
        if (event == "open" and given[2] & changes and outside(given[:1], (writable,))) or (
            event in writes and outside(given[:2], (writable,))
        ):
            refuse("An assignment may not change files outside its own folder.")
        if event in (*reads, "open") and outside(given[:1], readable):
            refuse("An assignment may not look into files and folders outside its own.")

    sys.addaudithook(keep)
    return found
