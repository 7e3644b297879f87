"""The graphs of one extract: each engine's own, built once and kept, with the time and the memory that took."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# Metres a second that Refugia walks, an old person's: the others are asked to walk as slowly, or durations on foot would
# say nothing but that.
WALKING_M_PER_S = 1.1
WALKING_KMH = WALKING_M_PER_S * 3.6


@dataclass(frozen=True)
class Built:
    """What building cost."""

    what: str
    seconds: float
    processor_seconds: float
    # The largest of its programs.
    peak_mb: float
    bytes: int


def run(command: list[str | Path], log: Path) -> tuple[float, float, float]:
    """Seconds, seconds of processors and the peak of memory in MB of a program."""
    started = time.perf_counter()
    with log.open("ab") as out:
        process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=out, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 4):  # 4: refugia is done, and warns
        raise SystemExit(f"{Path(command[0]).name} failed with {process.returncode}: see {log}")
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def size(folder: Path, log: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and file != log)


@dataclass
class Graphs:
    """The graphs of an extract in a folder of the cache."""

    extract: Path
    folder: Path
    programs: Path

    @classmethod
    def of(cls, extract: Path, cache: Path) -> Graphs:
        state = extract.stat()
        mark = hashlib.sha256(f"{extract} {state.st_size} {state.st_mtime_ns}".encode()).hexdigest()[:8]
        folder = cache / f"{extract.name.removesuffix('.pbf').removesuffix('.osm')}-{mark}"
        folder.mkdir(parents=True, exist_ok=True)
        return cls(extract, folder, cache)

    def has(self, engine: str) -> bool:
        return (self.programs / engine).exists()

    def once(self, name: str, version: str, commands: Callable[[Path], list[list[str | Path]]]) -> tuple[Path, Built]:
        """A folder that commands fill, unless the same version has; and what it cost then."""
        folder, note = self.folder / name, self.folder / f"{name}.json"
        told = json.loads(note.read_text()) if note.exists() else {}
        if told.get("version") == version:
            return folder, Built(**told["built"])
        print(f"building {name}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        note.unlink(missing_ok=True)
        folder.mkdir()
        log = folder / "log"
        costs = [run(command, log) for command in commands(folder)]
        built = Built(name, sum(c[0] for c in costs), sum(c[1] for c in costs), max(c[2] for c in costs), size(folder, log))
        note.write_text(json.dumps({"version": version, "built": asdict(built)}))
        return folder, built

    def refugia(self, binary: Path) -> tuple[Path, Built]:
        """A pack with nothing but roads: those of cars, lorries and feet at once."""
        state = binary.stat()

        def build(folder: Path) -> list[list[str | Path]]:
            return [[binary, "roads", "--region", folder, "--time-zone", "UTC", self.extract]]

        return self.once("refugia", f"{state.st_size} {state.st_mtime_ns}", build)

    def osrm(self, profile: str, algorithm: str) -> tuple[Path, Built]:
        programs = self.programs / "osrm" / "bin"
        steps = {"ch": ["contract"], "mld": ["partition", "customize"]}[algorithm]

        def commands(folder: Path) -> list[list[str | Path]]:
            base = folder / "graph.osrm"
            rest: list[list[str | Path]] = [[programs / f"osrm-{step}", base] for step in steps]
            return [[programs / "osrm-extract", "-p", self.profiles() / f"{profile}.lua", "-o", base, self.extract], *rest]

        return self.once(f"osrm-{profile}-{algorithm}", str(programs.resolve()), commands)

    def profiles(self) -> Path:
        """OSRM's profiles, with the walking speed of Refugia; its own is written into the profile."""
        own = self.folder / "profiles"
        if not own.exists():
            shutil.copytree(self.programs / "osrm" / "share" / "profiles", own)
            foot = own / "foot.lua"
            text = foot.read_text()
            wanted = text.replace("local walking_speed = 5\n", f"local walking_speed = {WALKING_KMH:.2f}\n")
            assert wanted != text, "the profile says its walking speed in another way now"
            foot.write_text(wanted)
        return own

    def valhalla(self) -> tuple[Path, Built]:
        programs = self.programs / "valhalla" / "bin"

        def commands(folder: Path) -> list[list[str | Path]]:
            config = folder / "build.json"
            config.write_text(json.dumps(self.valhalla_settings(folder / "tiles")))
            return [[programs / "valhalla_build_tiles", "-c", config, self.extract]]

        return self.once("valhalla", str(programs.resolve()), commands)

    def valhalla_settings(self, tiles: Path) -> dict[str, Any]:
        """Valhalla's own defaults, without the files that are not there: elevation, borders, time zones, traffic."""
        script = self.programs / "valhalla" / "valhalla_build_config.py"
        said = subprocess.run(["python3", str(script)], check=True, capture_output=True, text=True).stdout
        settings: dict[str, Any] = json.loads(said)
        mjolnir = settings["mjolnir"]
        mjolnir["tile_dir"] = str(tiles)
        for absent in ("tile_extract", "traffic_extract", "admin", "landmarks", "timezone", "transit_dir", "transit_feeds_dir"):
            mjolnir.pop(absent, None)
        return settings
