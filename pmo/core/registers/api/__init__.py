"""The REST API of every register, under /api/v1/."""
