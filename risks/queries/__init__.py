"""Reading risks."""
