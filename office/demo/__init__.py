"""The PMO of the demo company."""
