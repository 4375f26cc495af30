"""Linked tables from one zip: what they are read as, and which set of tables becomes which records.

A set of linked tables is a declaration (`declaration.LinkedTables`), such as `us_federal`; everything else serves any of them.
"""
