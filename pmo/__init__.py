"""Composition root: settings, URLs, Celery."""

from pmo.celery import app as celery_app

__all__ = ["celery_app"]
