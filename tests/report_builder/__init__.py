"""Reports that users make themselves."""
