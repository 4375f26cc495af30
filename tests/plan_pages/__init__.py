"""Plan import in the browser, with a reader that needs no Java."""
