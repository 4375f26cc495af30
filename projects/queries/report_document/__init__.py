"""What a status report says, as one JSON value with every text in both languages: `document_of` and `shown_to`."""

from projects.queries.report_document.build import build_document, document_of
from projects.queries.report_document.shown import shown_to

__all__ = ["build_document", "document_of", "shown_to"]
