"""Writes of the knowledge room."""
