"""Importing projects: the fields a file may fill and the records a row becomes."""
