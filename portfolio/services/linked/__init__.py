"""Importing linked tables: what every row, column and relation would do, doing it in one transaction, and the batch around it."""
