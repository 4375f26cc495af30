"""Text without Django: Markdown to safe HTML, line comparison, what is searched for."""
