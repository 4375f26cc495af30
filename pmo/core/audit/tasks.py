"""Sealing in the background."""

from celery import shared_task

from pmo.core.audit import services


@shared_task(name="core.seal_audit", ignore_result=True)
def seal_audit() -> None:
    """Seal what committed; started by the tick."""
    services.seal()
