"""Reading and mapping of tables (CSV, TSV, TXT, XLSX) that people bring from elsewhere.

The engine is plain Python without ORM: `reading.read_table` turns a file into a `Table`, `guess.guess_mapping` proposes
which column feeds which field, `mapping.Mapping` is that proposal as data (saved, edited, validated), and
`apply.apply_mapping` turns table and mapping into typed rows plus every refused cell by row and column.
`matching.Index` then says which row is which existing object. Models, pages and the commit are built on top.
"""
