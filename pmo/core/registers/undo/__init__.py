"""Taking back what was just changed: deletions, edits in the list, bulk edits, for ten minutes."""
