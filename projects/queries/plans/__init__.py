"""Reading plans of projects."""
