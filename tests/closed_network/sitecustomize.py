"""Put first on PYTHONPATH, this closes the network for a process: only this machine answers."""

import socket

_HERE = ("127.", "::1", "localhost", "0.0.0.0")
_connect, _connect_ex, _look_up = (
    socket.socket.connect,
    socket.socket.connect_ex,
    socket.getaddrinfo,
)


def _refuse(host: object) -> None:
    if isinstance(host, str) and host and not host.startswith(_HERE):
        raise OSError(f"the network is closed for tests: {host}")


def _checked(call):
    def wrapped(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse(address[0])
        return call(self, address)

    return wrapped


def _look(host, *rest, **more):
    _refuse(host)
    return _look_up(host, *rest, **more)


socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo = (
    _checked(_connect),
    _checked(_connect_ex),
    _look,
)
