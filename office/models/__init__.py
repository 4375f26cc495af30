"""The PMO as an organisation."""

from office.models.assessment import TypeAssessment
from office.models.charter import CharterRight, PMOCharter
from office.models.unit import PMOUnit

__all__ = ["CharterRight", "PMOCharter", "PMOUnit", "TypeAssessment"]
