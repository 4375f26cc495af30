"""A backup as one folder: the database, the files, and what it takes to know that a restore is whole."""
