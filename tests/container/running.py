"""Running the image as a pipeline would: read-only, not as root, with no network but loopback.

docker and podman do it themselves. Where there is only buildah, the image's files are run by the kernel's own means, in
namespaces of their own for network, mounts and processes, with the image's user, environment and command.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.container.engine import ROOT, TAG, Image, output

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BIN = "/opt/mock-sma/bin"
URL = "http://127.0.0.1:8080"


@dataclass
class Running:
    """A server in its container.

    Attributes:
        first: id on this machine of the container's first process.
        within: prefix of a command of the image that is to run in the container.
        begun: when it was started [s].
    """

    process: subprocess.Popen[str]
    first: int
    within: list[str]
    begun: float

    def beside(self, *command: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
        """Run a command of this machine in the container's network."""
        enter = ["nsenter", "--net", "--target", str(self.first), "--"]
        return subprocess.run(
            [*enter, *command], capture_output=True, text=True, timeout=timeout, check=False, cwd=ROOT
        )

    def python(self, code: str) -> str:
        """Run Python in the container, as its user, and return what it printed."""
        return output(*self.within, f"{BIN}/python", "-c", code).strip()

    def health(self) -> subprocess.CompletedProcess[str]:
        """Run the image's health check."""
        return subprocess.run([*self.within, f"{BIN}/mock-sma", "health"], capture_output=True, text=True, check=False)

    def healthy(self, within: float = 30) -> float:
        """Wait until the image's health check passes; return the time since the start [s]."""
        while (checked := self.health()).returncode:
            assert time.perf_counter() - self.begun < within, checked.stderr
        return time.perf_counter() - self.begun

    def end(self) -> tuple[int, float]:
        """Ask the first process to end; return its exit status and how long it took [s]."""
        begun = time.perf_counter()
        os.kill(self.first, signal.SIGTERM)
        return self.process.wait(timeout=10), time.perf_counter() - begun


@contextmanager
def running(
    image: Image,
    *arguments: str,
    env: Mapping[str, str] | None = None,
    mounts: Mapping[Path, str] | None = None,
    keeps: str = "",
) -> Iterator[Running]:
    """Run the image until the block ends.

    Args:
        arguments: instead of the image's CMD.
        env: further environment.
        mounts: paths of this machine by where they are seen inside, read-only.
        keeps: folder that the image's user may write to.
    """
    settings = {key: value for key, _, value in (item.partition("=") for item in image.config["Env"])} | (env or {})
    run = _by_engine if image.tree is None else _by_kernel
    with run(image, list(arguments), settings, mounts or {}, keeps) as server:
        try:
            yield server
        finally:
            if server.process.poll() is None:
                os.kill(server.first, signal.SIGKILL)


@contextmanager
def _by_engine(
    image: Image, arguments: list[str], env: Mapping[str, str], mounts: Mapping[Path, str], keeps: str
) -> Iterator[Running]:
    name = f"mock-sma-test-{os.getpid()}-{time.monotonic_ns()}"
    command = [*image.engine, "run", "--rm", "--name", name, "--network", "none", "--read-only"]
    command += ["--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
    command += [part for key, value in env.items() for part in ("--env", f"{key}={value}")]
    command += [part for source, target in mounts.items() for part in ("--volume", f"{source}:{target}:ro")]
    command += ["--tmpfs", f"{keeps}:uid={image.user[0]}"] if keeps else []
    begun = time.perf_counter()
    with subprocess.Popen([*command, TAG, *arguments], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        first = output(*image.engine, "inspect", "--format", "{{.State.Pid}}", name)
        yield Running(process, int(first), [*image.engine, "exec", name], begun)


ENTER = """
set -e
tree=$1; user=$2; keeps=$3; shift 3
mount --make-rprivate /
ip link set lo up
sysctl -qw net.ipv4.ip_unprivileged_port_start=0
mount --bind "$tree" "$tree"
mount -t proc proc "$tree/proc"
mount -t tmpfs -o mode=755 dev "$tree/dev"
for node in null zero urandom; do : >"$tree/dev/$node"; mount --bind "/dev/$node" "$tree/dev/$node"; done
while [ "$1" != -- ]; do mount --bind "$1" "$tree$2"; mount -o remount,ro,bind "$tree$2"; shift 2; done
shift
mount -o remount,ro "$tree/dev"
[ -z "$keeps" ] || mount -t tmpfs -o "uid=$user,mode=700" keeps "$tree$keeps"
mount -o remount,ro,bind "$tree"
exec "$@"
"""
"""Run as root in fresh namespaces: TREE USER KEEPS (SOURCE TARGET)… -- COMMAND…"""

CAPABILITIES = "-all,+sys_chroot,+setuid,+setgid"
"""What is needed to become the image's user in the image's tree; that user has none of them."""


@contextmanager
def _by_kernel(
    image: Image, arguments: list[str], env: Mapping[str, str], mounts: Mapping[Path, str], keeps: str
) -> Iterator[Running]:
    tree, (user, group) = image.tree, image.user
    assert tree is not None
    binds = []
    for source, target in mounts.items():
        place = tree / target.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.mkdir(exist_ok=True) if source.is_dir() else place.touch()
        binds += [str(source), target]
    clean = ["env", "-i", *(f"{key}={value}" for key, value in env.items())]
    enter = ["setpriv", "--no-new-privs", "--clear-groups", f"--bounding-set={CAPABILITIES}", "--", *clean]
    enter += ["unshare", f"--root={tree}", f"--wd={image.config['WorkingDir']}"]
    enter += [f"--setgid={group}", f"--setuid={user}", "--"]
    words = [*image.config["Entrypoint"], *(arguments or image.config["Cmd"])]
    spaces = ["unshare", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child"]
    command = [*spaces, "sh", "-c", ENTER, "enter", str(tree), str(user), keeps, *binds, "--", *enter, *words]
    with ExitStack() as stack:
        begun = time.perf_counter()
        process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        first = child_of(process.pid)
        within = [*clean, "nsenter", "--target", str(first), "--mount", "--net", "--pid", "--ipc", "--uts"]
        within += ["--root", "--wd", f"--setgid={group}", f"--setuid={user}", "--"]
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the container ended at once"
        yield Running(process, first, within, begun)


def child_of(pid: int) -> int:
    """Return the id of the process that another one has begun."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    for _ in range(5_000):
        text = children.read_text(encoding="ascii").split()
        if text:
            return int(text[0])
        time.sleep(0.001)
    raise AssertionError("no namespaces here: are you root?")
