"""The PMO's side of status reporting."""
