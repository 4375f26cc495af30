"""PDF files: one frame for reports, lists and charts, laid out without markup, so that no text can become any."""
