"""Saved views: a list's filters, columns, sorting, grouping, density and page size under a name."""
