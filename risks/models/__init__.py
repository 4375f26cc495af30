"""Risks, their categories and the matrices that colour them."""

from risks.models.category import RiskCategory
from risks.models.matrix import RiskMatrix, RiskMatrixVersion
from risks.models.risk import Kind, Risk, RiskVersion, Status, Strategy

__all__ = [
    "Kind",
    "Risk",
    "RiskCategory",
    "RiskMatrix",
    "RiskMatrixVersion",
    "RiskVersion",
    "Status",
    "Strategy",
]
