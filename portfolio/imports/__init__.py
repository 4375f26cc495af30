"""What an import of projects may say about portfolios and programmes."""
