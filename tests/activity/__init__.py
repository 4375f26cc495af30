"""Comments, mentions, attachments, tags, watching."""
