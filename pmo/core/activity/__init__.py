"""What people say about a record, attach to it, and whether they watch it."""
