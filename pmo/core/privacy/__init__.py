"""What the product holds about a person: declared field by field, given out on request, erased on request."""
