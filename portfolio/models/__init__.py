"""Portfolios, programmes, strategy and health."""

from portfolio.models.health import BandOverride, BandOverrideVersion, HealthModel, HealthSnapshot, RollupSnapshot
from portfolio.models.personal import Personal
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

__all__ = [
    "BandOverride",
    "BandOverrideVersion",
    "Contribution",
    "ContributionVersion",
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
    "ProgrammeItem",
    "ProgrammeItemVersion",
    "ProgrammeVersion",
    "RollupSnapshot",
]
