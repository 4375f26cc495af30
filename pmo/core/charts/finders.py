"""Serves Plotly's browser file from the installed Python package, so that nothing of it lies in the repository."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage

FOLDER = "vendor/plotly"
FILE = "plotly.min.js"
STATIC_PATH = f"{FOLDER}/{FILE}"
_SHEET_ID = re.compile(r'getElementById\("([0-9a-f]{64})"\)')


def plotly_folder() -> Path:
    """The folder of the installed package that holds the browser file; does not import plotly, which is slow."""
    spec = find_spec("plotly")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "package_data"
        if (folder / FILE).is_file():
            return folder
    raise ImproperlyConfigured(f"{FILE} is not installed; install the Python package plotly.")


@lru_cache(maxsize=1)
def injected_sheet_ids() -> tuple[str, ...]:
    """The ids of style elements that the installed file would inject for its maps, unless the page has such an element.

    They are digests that change with the version, so they are read from the file (4.8 MB, once per process).
    """
    source = (plotly_folder() / FILE).read_text(encoding="utf-8")
    return tuple(sorted(set(_SHEET_ID.findall(source))))


class PlotlyFinder(BaseFinder):
    """Offers one file, `vendor/plotly/plotly.min.js`, to runserver, WhiteNoise and collectstatic."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=plotly_folder())
        # collectstatic copies to prefix/path.
        self.storage.prefix = FOLDER  # type: ignore[attr-defined]

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing to configure: a missing file already stopped the start."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The absolute path of the file, a list of it when all matches are asked for, or [] for any other path."""
        if path.replace("\\", "/") != STATIC_PATH:
            return []
        found = self.storage.path(FILE)
        return [found] if find_all or kwargs.get("all") else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, FileSystemStorage]]:
        """The one file, unless it is ignored."""
        if not matches_patterns(FILE, list(ignore_patterns or [])):
            yield FILE, self.storage
