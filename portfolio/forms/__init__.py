"""Forms of the portfolio room."""
