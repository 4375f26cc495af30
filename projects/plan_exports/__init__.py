"""Plans as files: MSPDI for Microsoft Project and its relatives, XLSX and CSV that read back the same."""
