"""Documents of the registry on paper."""
