"""The embedded profile: one command that prepares everything and runs broker, worker and web until Ctrl-C."""
