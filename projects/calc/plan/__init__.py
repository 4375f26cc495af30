"""Plans as plain values: what files hold, what the editor changes, what exports write."""
