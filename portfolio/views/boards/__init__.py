"""Pages of boards and tiles."""
