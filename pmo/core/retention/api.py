"""What other rooms and apps use of retention."""

from pmo.core.retention.declaration import RetentionRule, declare_retention, retention_rule, retention_rules
from pmo.core.retention.services import CHANGE, Period, kept_days, periods, set_days

__all__ = [
    "CHANGE",
    "Period",
    "RetentionRule",
    "declare_retention",
    "kept_days",
    "periods",
    "retention_rule",
    "retention_rules",
    "set_days",
]
