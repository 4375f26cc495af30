"""Forms of the risk room."""
