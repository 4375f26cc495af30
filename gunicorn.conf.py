"""Read by gunicorn from the folder it starts in: where metrics are on, its workers count in one folder of the master."""

import os
import shutil
import tempfile
from pathlib import Path

_ON = any(os.environ.get(name) for name in ("METRICS_TOKEN", "METRICS_TOKEN_FILE", "METRICS_NETWORKS"))
_FOLDER = Path(tempfile.gettempdir()) / f"bellwether-metrics-{os.getuid()}-{os.getpid()}"
if _ON and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    _FOLDER.mkdir(mode=0o700, exist_ok=True)
    # Before any worker imports the library, which looks at this once.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_FOLDER)


def child_exit(server, worker):
    """Forget the gauges of a worker that has ended; its counters stay counted."""
    if _ON:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    """The master ends: what its workers counted ends with it."""
    shutil.rmtree(_FOLDER, ignore_errors=True)
