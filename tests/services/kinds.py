"""Work that leaves traces, for the fault tests: imported by them and by the workers they start."""

from __future__ import annotations

import os
import time
from typing import Any

from django.db import connection

from pmo.core.jobs.api import JobContext, job_kind

TABLES = """
CREATE TABLE IF NOT EXISTS fault_rows (job bigint, chunk int, value int, PRIMARY KEY (job, chunk));
CREATE TABLE IF NOT EXISTS fault_runs (id bigserial PRIMARY KEY, job bigint, chunk int, attempt int, pid int);
"""


@job_kind("test.chunks", label="Slow chunks")
def chunks(ctx: JobContext) -> dict[str, Any]:
    """Upserts one row per chunk, as the nightly job does, and notes every run of a chunk."""
    count, seconds = ctx.params["chunks"], ctx.params["seconds"]
    for chunk in range(count):
        ctx.progress(chunk, count, f"chunk {chunk}")
        time.sleep(seconds)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO fault_rows VALUES (%s, %s, %s) ON CONFLICT (job, chunk) DO UPDATE SET value = excluded.value",
                [ctx.job_id, chunk, chunk * chunk],
            )
            cursor.execute(
                "INSERT INTO fault_runs (job, chunk, attempt, pid) VALUES (%s, %s, %s, %s)",
                [ctx.job_id, chunk, ctx.attempt, os.getpid()],
            )
    return {"sum": sum(chunk * chunk for chunk in range(count)), "pid": os.getpid()}


@job_kind("test.poison", label="Kills its process")
def poison(ctx: JobContext) -> None:
    """What a segmentation fault or the kernel's memory killer does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO fault_runs (job, chunk, attempt, pid) VALUES (%s, 0, %s, %s)",
            [ctx.job_id, ctx.attempt, os.getpid()],
        )
    os.kill(os.getpid(), 9)


@job_kind("test.long_statement", label="One long statement")
def long_statement(ctx: JobContext) -> dict[str, Any]:
    """Longer than a heartbeat may be silent, in one transaction without a step."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [ctx.params["seconds"]])
    return {"attempt": ctx.attempt}
