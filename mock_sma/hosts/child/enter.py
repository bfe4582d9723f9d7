"""Becomes a program: in namespaces of its own where that is asked for, else as it is.

``mock-sma run`` starts this file with its own interpreter and a socket to it. What the two say to one another is a line
of JSON each way: what is wanted, and what came of it; then the program takes this one's place, with its process id.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import signal
import socket
import struct
import sys

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET = 0x0002_0000, 0x1000_0000, 0x4000_0000  # sched.h
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x4_0000  # sys/mount.h
PR_SET_PDEATHSIG = 1  # sys/prctl.h
SIOCGIFFLAGS, SIOCSIFFLAGS, SIOCSIFADDR, IFF_UP = 0x8913, 0x8914, 0x8916, 1  # linux/sockios.h, net/if.h
BACKLOG = 2_048

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def main(descriptor: int) -> None:
    """Do what the starter wants, and become the program."""
    starter = socket.socket(fileno=descriptor)
    starter.set_inheritable(False)
    wanted = json.loads(starter.makefile("rb").readline())
    opened: list[socket.socket] = []
    problem = None
    if wanted["space"] is not None:
        try:
            opened = enter(wanted["space"])
        except OSError as error:
            problem = f"{error.filename or 'namespaces'}: {error.strerror}"
    socket.send_fds(starter, [json.dumps({"problem": problem}).encode() + b"\n"], [sock.fileno() for sock in opened])
    for sock in opened:
        sock.close()
    if starter.recv(1) == b"g":
        become(wanted["command"], starter, wanted["starter"])


def become(command: list[str], starter: socket.socket, parent: int) -> None:
    """Let the program take this one's place, without what Python has done to signals; it ends with its starter."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    for name in ("SIGPIPE", "SIGXFSZ"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)
    if sys.platform == "linux":
        libc().prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            return
    try:
        os.execvp(command[0], command)  # noqa: S606 - what this file is for
    except OSError as error:
        starter.sendall(json.dumps({"errno": error.errno, "text": error.strerror}).encode() + b"\n")


def enter(space: dict[str, Any]) -> list[socket.socket]:
    """Enter namespaces, bind files over the system's, and listen there."""
    leave_behind()
    up()
    for number, address in enumerate(space["addresses"], 1):
        add(f"lo:{number}", address)
    system("mount", "/", libc().mount, b"none", b"/", None, MS_REC | MS_PRIVATE, None)
    for source, target in space["binds"]:
        place = os.path.realpath(target)
        system("mount", target, libc().mount, source.encode(), place.encode(), None, MS_BIND, None)
    return [listen(host, port) for host, port in space["listen"]]


def leave_behind() -> None:
    """Leave the network and the mounts; as an ordinary user with the same id in a user namespace."""
    spaces = CLONE_NEWNS | CLONE_NEWNET
    user, group = os.geteuid(), os.getegid()
    if user == 0 and libc().unshare(spaces) == 0:
        return
    system("unshare", None, libc().unshare, spaces | CLONE_NEWUSER)
    # As bytes: who has just given up all rights may not be able to read Python's own modules any more.
    for name, text in (
        ("setgroups", b"deny"),
        ("uid_map", b"%d %d 1" % (user, user)),
        ("gid_map", b"%d %d 1" % (group, group)),
    ):
        with open(f"/proc/self/{name}", "wb", buffering=0) as file:  # noqa: PTH123 - quick start
            file.write(text)


def up() -> None:
    """Bring the loopback interface up."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        asked = fcntl.ioctl(sock, SIOCGIFFLAGS, struct.pack("16sH14x", b"lo", 0))
        flags = struct.unpack("16sH14x", asked)[1]
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))


def add(name: str, address: str) -> None:
    """Give the loopback interface a further address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        packed = struct.pack("16sH2x4s8x", name.encode(), socket.AF_INET, socket.inet_aton(address))
        fcntl.ioctl(sock, SIOCSIFADDR, packed)


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket of the namespace."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        raise OSError(error.errno, error.strerror, f"{host}:{port}") from None
    sock.listen(BACKLOG)
    return sock


def libc() -> Any:
    """Return the C library."""
    return ctypes.CDLL(None, use_errno=True)


def system(what: str, about: str | None, call: Callable[..., int], *arguments: Any) -> None:
    """Call the system.

    Raises:
        OSError: it refuses; names what was asked for.
    """
    ctypes.set_errno(0)
    if call(*arguments) != 0:
        code = ctypes.get_errno() or errno.EPERM
        raise OSError(code, os.strerror(code), f"{what} {about}" if about else what)


if __name__ == "__main__":
    main(int(sys.argv[1]))
    sys.exit(127)
