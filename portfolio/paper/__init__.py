"""Documents of the portfolio on paper."""
