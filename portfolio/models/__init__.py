"""Portfolios, programmes, strategy and health."""

from portfolio.models.boards import Board, BoardShare
from portfolio.models.functions import (
    BusinessFunction,
    ProgrammeContract,
    ProgrammeFunction,
    ProgrammeMeasure,
    ProgrammeSupplier,
)
from portfolio.models.health import BandOverride, BandOverrideVersion, HealthModel, HealthSnapshot, RollupSnapshot
from portfolio.models.personal import Personal
from portfolio.models.reporting import (
    ReportDelegation,
    ReportDelegationVersion,
    ReportingRule,
    ReportingRuleVersion,
    ReportPeriod,
    ReportReminder,
    RollupReport,
)
from portfolio.models.strategy import Contribution, ContributionVersion, Objective, ObjectiveVersion
from portfolio.models.structure import (
    Portfolio,
    PortfolioItem,
    PortfolioItemVersion,
    PortfolioMember,
    PortfolioVersion,
    Programme,
    ProgrammeItem,
    ProgrammeItemVersion,
    ProgrammeVersion,
)
from portfolio.models.upkeep import SignInDay, Snooze, UpkeepSnapshot
from portfolio.models.warning import EarlyWarning, WarningTrial

__all__ = [
    "BandOverride",
    "BandOverrideVersion",
    "Board",
    "BoardShare",
    "BusinessFunction",
    "Contribution",
    "ContributionVersion",
    "EarlyWarning",
    "HealthModel",
    "HealthSnapshot",
    "Objective",
    "ObjectiveVersion",
    "Personal",
    "Portfolio",
    "PortfolioItem",
    "PortfolioItemVersion",
    "PortfolioMember",
    "PortfolioVersion",
    "Programme",
    "ProgrammeContract",
    "ProgrammeFunction",
    "ProgrammeItem",
    "ProgrammeItemVersion",
    "ProgrammeMeasure",
    "ProgrammeSupplier",
    "ProgrammeVersion",
    "ReportDelegation",
    "ReportDelegationVersion",
    "ReportPeriod",
    "ReportReminder",
    "ReportingRule",
    "ReportingRuleVersion",
    "RollupReport",
    "RollupSnapshot",
    "SignInDay",
    "Snooze",
    "UpkeepSnapshot",
    "WarningTrial",
]
