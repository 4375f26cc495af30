"""Formulas over the fields of a row: read by a parser of their own, checked, worked out in Python and in SQL.

Nothing of the text is ever handed to Python to run: there are only the node types of `tree`.
"""
