"""Upkeep of the data: put-off gaps, days of use, completeness by date, and what the early warnings turned out to be worth."""
