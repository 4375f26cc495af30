"""Writing risks, categories and matrices."""

from risks.services.matrices import create_matrix, ensure_default_matrix, load_scale, update_matrix
from risks.services.risks import create_risk, update_risk
from risks.services.taxonomies import load_taxonomy

__all__ = [
    "create_matrix",
    "create_risk",
    "ensure_default_matrix",
    "load_scale",
    "load_taxonomy",
    "update_matrix",
    "update_risk",
]
