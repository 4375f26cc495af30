"""Early warnings, data gaps, use and upkeep."""
