"""Changing many rows of a register at once."""
