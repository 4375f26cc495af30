"""Lists as files: CSV and XLSX that say what they hold, and that a spreadsheet cannot mistake for programs."""
