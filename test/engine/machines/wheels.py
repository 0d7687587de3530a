"""Packs Debian's packages of Python as wheels, so that pip can install them.

Usage: wheels.py FOLDER PACKAGE...
"""

import base64
import hashlib
import os
import subprocess
import sys
import zipfile
from importlib import metadata

ROOT = "/usr/lib/python3/dist-packages/"


def main(folder, packages):
    os.makedirs(folder, exist_ok=True)
    distributions = {package: distribution_of(package) for package in packages}
    pack_uwsgi(folder)
    for package, distribution in distributions.items():
        # Debian moves what a distribution requires into the package's dependencies.
        wanted = [other for other in packages if f"{other} " in dependencies(package)]
        pack(folder, package, distribution, [distributions[other].metadata["Name"] for other in wanted])


def distribution_of(package):
    folder = next(path for path in files_of(package) if path.endswith((".egg-info", ".dist-info")))
    return metadata.Distribution.at(folder)


def pack(folder, package, distribution, requirements):
    entries = {"entry_points.txt": (distribution.read_text("entry_points.txt") or "").encode()}
    for path in files_of(package):
        if path.startswith(ROOT) and os.path.isfile(path) and "-info/" not in path:
            with open(path, "rb") as file:
                entries[path[len(ROOT) :]] = file.read()
    write_wheel(folder, distribution.metadata["Name"], distribution.version, requirements, entries)


def pack_uwsgi(folder):
    """Debian's uWSGI is no Python package: a wheel with a script that starts it in the wheel's environment."""
    version = output("dpkg-query", "--show", "--showformat", "${Version}", "uwsgi-core").split("-")[0]
    script = '#!/bin/sh\nexec uwsgi-core --plugin python3 --virtualenv "$(dirname "$0")/.." "$@"\n'
    write_wheel(folder, "uWSGI", version, [], {f"uWSGI-{version}.data/scripts/uwsgi": script.encode()})


def write_wheel(folder, name, version, requirements, entries):
    info = f"{name}-{version}.dist-info"
    about = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    about += [f"Requires-Dist: {requirement}" for requirement in requirements]
    files = {
        f"{info}/METADATA": "\n".join([*about, ""]).encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        **{f"{info}/{path}" if path == "entry_points.txt" else path: data for path, data in entries.items()},
    }
    record = [f"{path},sha256={digest(data)},{len(data)}" for path, data in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    with zipfile.ZipFile(f"{folder}/{name}-{version}-py3-none-any.whl", "w") as wheel:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = (0o100755 if "/scripts/" in path else 0o100644) << 16
            wheel.writestr(entry, data)


def files_of(package):
    return output("dpkg", "-L", package).splitlines()


def dependencies(package):
    return output("dpkg-query", "--show", "--showformat", "${Depends}", package).replace(",", " ") + " "


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


main(sys.argv[1], sys.argv[2:])
