"""Writes of the portfolio room."""
