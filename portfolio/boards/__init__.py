"""Dashboards made of tiles: every tile, its numbers, and where each number leads."""
