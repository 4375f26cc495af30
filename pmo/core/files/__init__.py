"""Files that people upload: what they are, and where they lie."""
