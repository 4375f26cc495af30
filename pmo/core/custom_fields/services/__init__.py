"""Writing definitions, lookup tables and values."""
