"""Pages a person keeps at the top of their side bar."""
