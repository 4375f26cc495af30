"""Pages of every register."""
