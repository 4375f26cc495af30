"""Fixed vocabularies of the project registry."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProjectType(models.TextChoices):
    PRODUCT = "product", _("Product development")
    IT = "it", _("Information technology")
    CONSTRUCTION = "construction", _("Engineering and construction")
    TRANSFORMATION = "transformation", _("Transformation")
    OPERATIONS = "operations", _("Operations improvement")
    COMPLIANCE = "compliance", _("Compliance")
    OTHER = "other", _("Other")


class Stage(models.TextChoices):
    INITIATING = "initiating", _("Initiating")
    PLANNING = "planning", _("Planning")
    EXECUTING = "executing", _("Executing")
    MONITORING = "monitoring", _("Monitoring")
    CLOSING = "closing", _("Closing")


class ProjectStatus(models.TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    SUSPENDED = "suspended", _("On hold")
    CLOSED = "closed", _("Closed")
    TERMINATED = "terminated", _("Terminated")


class Method(models.TextChoices):
    PREDICTIVE = "predictive", _("Predictive")
    AGILE = "agile", _("Agile")
    HYBRID = "hybrid", _("Hybrid")
    DESIGN_THINKING = "design_thinking", _("Design thinking")


class DeliveryDriver(models.TextChoices):
    NONE = "none", _("Balanced")
    DATE = "date", _("Date-driven")
    EXPERIENCE = "experience", _("Experience-driven")
    COMPETITOR = "competitor", _("Competitor-driven")
    COMPLIANCE = "compliance", _("Compliance-driven")


class Priority(models.TextChoices):
    CRITICAL = "1_critical", pgettext_lazy("priority", "Critical")
    HIGH = "2_high", pgettext_lazy("priority", "High")
    MEDIUM = "3_medium", pgettext_lazy("priority", "Medium")
    LOW = "4_low", pgettext_lazy("priority", "Low")


class Visibility(models.TextChoices):
    PRIVATE = "private", _("Private")
    PROGRAMME = "programme", _("Within the programme")
    PORTFOLIO = "portfolio", _("Within the portfolio")
    ORGANISATION = "organisation", _("Whole organisation")


class CostKind(models.TextChoices):
    CAPEX = "capex", _("CAPEX")
    OPEX = "opex", _("OPEX")


class CostCategory(models.TextChoices):
    LABOUR = "labour", _("Labour")
    EQUIPMENT = "equipment", _("Equipment")
    SOFTWARE = "software", _("Software")
    SERVICES = "services", _("External services")
    CONSTRUCTION = "construction", _("Construction work")
    OTHER = "other", _("Other")


class Band(models.TextChoices):
    """A colour: computed, declared or reviewed. Grey is "not reported", never green."""

    GREEN = "green", pgettext_lazy("colour", "On track")
    AMBER = "amber", pgettext_lazy("colour", "At risk")
    RED = "red", pgettext_lazy("colour", "Off track")
    GREY = "grey", pgettext_lazy("colour", "Not reported")


class Dimension(models.TextChoices):
    SCHEDULE = "schedule", _("Schedule")
    COST = "cost", _("Cost")
    SCOPE = "scope", _("Scope")
    RESOURCE = "resource", _("Resources")
    QUALITY = "quality", _("Quality")
    RISK = "risk", _("Risk")
    BENEFITS = "benefits", _("Benefits")
    GOVERNANCE = "governance", _("Governance")
