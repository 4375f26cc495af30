"""Pages of the risk room."""
