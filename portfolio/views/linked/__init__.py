"""Pages of the import of linked tables."""
