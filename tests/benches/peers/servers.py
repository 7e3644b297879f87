"""The servers of the comparison: started on free ports of loopback, watched for time and memory, stopped."""

from __future__ import annotations

import http.client
import os
import platform
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
POLL_SECONDS = 0.002
START_LIMIT_SECONDS = 600.0


@dataclass
class Server:
    """A server that answers."""

    name: str
    pid: int
    port: int
    start_seconds: float
    # What the start cost of processors, which other work on the machine changes less.
    start_processor_seconds: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def memory_mb(self) -> float:
        return memory_mb(self.pid)

    def processor_seconds(self) -> float:
        return processor_seconds(self.pid)


def end_in_order() -> None:
    """Servers are stopped also where this program is told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


def memory_mb(pid: int) -> float:
    """Resident memory of a process and its children; pages that they share are counted once."""
    total = 0
    for one in [pid, *children(pid)]:
        try:
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.M)[1])  # type: ignore[index]
    return total / 1024


def processor_seconds(pid: int) -> float:
    """Of a process, of its children that have ended and of those that run."""
    total = 0
    for one, fields in [(pid, 4), *((child, 2) for child in children(pid))]:
        try:
            # The name before them may hold spaces, and ends with the last bracket.
            stat = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(int(ticks) for ticks in stat[11 : 11 + fields])
    return total / os.sysconf("SC_CLK_TCK")


def answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def takes_connections(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(name: str, command: list[str], port: int, ready: Callable[[], bool], log: Path) -> Iterator[Server]:
    """Starts a server and waits until it is ready."""
    started = time.perf_counter()
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
    try:
        while not ready():
            if process.poll() is not None or time.perf_counter() - started > START_LIMIT_SECONDS:
                raise SystemExit(f"{name} did not start: see {log}")
            time.sleep(POLL_SECONDS)
        took = time.perf_counter() - started
        yield Server(name, process.pid, port, took, processor_seconds(process.pid))
    finally:
        process.terminate()
        process.wait(60)


def refugia(binary: Path, pack: Path, log: Path, *flags: str, ready: str = "/readyz") -> AbstractContextManager[Server]:
    port = free_port()
    command = [str(binary), "serve", "--region", str(pack), "--listen", f"127.0.0.1:{port}", "--log", "warn", *flags]
    return running("refugia", command, port, lambda: answers(port, ready), log)


def martin(program: Path, source: str, cache_mb: int, log: Path) -> AbstractContextManager[Server]:
    """Martin over an archive or a database; `source` is what it takes on its command line."""
    port = free_port()
    command = [str(program), source, "--listen-addresses", f"127.0.0.1:{port}", "--cache-size", str(cache_mb)]
    return running("martin", command, port, lambda: answers(port, "/health"), log)


def redis(log: Path) -> AbstractContextManager[Server]:
    port = free_port()
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    return running("redis", command, port, lambda: takes_connections(port), log)


@dataclass
class Postgres:
    """The private cluster, while it runs."""

    programs: Path
    socket: Path
    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"postgres://bench@127.0.0.1:{self.port}/postgres"

    def memory_mb(self) -> float:
        return memory_mb(self.pid)

    def processor_seconds(self) -> float:
        return processor_seconds(self.pid)

    def command(self, program: str) -> list[str]:
        return [str(self.programs / program), "-h", str(self.socket), "-p", str(self.port), "-U", "bench"]

    def rows(self, statement: str) -> list[list[str]]:
        command = [*self.command("psql"), "-d", "postgres", "-qXAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", statement]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return [line.split("\t") for line in said.splitlines()]


@contextmanager
def postgres(data: Path) -> Iterator[Postgres]:
    control = str(HERE / "postgres.sh")
    said = subprocess.run([control, "environment", str(data)], check=True, capture_output=True, text=True).stdout.split()
    subprocess.run([control, "start", str(data)], check=True)
    try:
        pid = int(Path(said[3]).read_text().split()[0])
        yield Postgres(Path(said[0]), Path(said[1]), int(said[2]), pid)
    finally:
        subprocess.run([control, "stop", str(data)], check=True)


def load_average() -> float:
    return os.getloadavg()[0]


def first_line(*command: str | Path) -> str:
    """What a program says of itself."""
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).strip().splitlines()[0]


def machine() -> str:
    model = next((line.split(": ")[1].strip() for line in Path("/proc/cpuinfo").open() if line.startswith("model name")), "?")
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return f"{os.cpu_count()} cores, {model}, {platform.machine()}, {gigabytes} GB"
