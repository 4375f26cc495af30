"""Writes of the project registry."""
