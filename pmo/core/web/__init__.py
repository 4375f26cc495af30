"""Presentation shared by every page: shell, navigation, formats, RAG marks, icons, errors."""
