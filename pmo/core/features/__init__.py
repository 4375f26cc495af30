"""Switches for parts of the product that an organisation may not want: declared in code, read by code, kept in one row."""
