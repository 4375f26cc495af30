"""What the reading process runs: checks first, then Java, then plain JSON. Nothing of Django, no settings, no secrets."""
