"""Telling people, and keeping how they want to be told."""

from pmo.core.messages.services.notifying import announce, notify

__all__ = ["announce", "notify"]
