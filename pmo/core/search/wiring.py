"""What the search registers with the kernel."""

from __future__ import annotations


def wire() -> None:
    """Follow every write, keep the index of the tokens after migrations, build the entries once for each version."""
    from django.apps import apps
    from django.db.models.signals import post_migrate

    from pmo.core.records.written import on_written
    from pmo.core.search import ddl, job, services

    on_written(services.keep_written)
    post_migrate.connect(ddl.ensure, sender=apps.get_app_config("core"), dispatch_uid="search-index")
    job.declare()
