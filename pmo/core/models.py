"""Every model of the kernel, gathered from its rooms for Django's app loading."""

from pmo.core.activity.models import Attachment, Comment, Tagging, Watch
from pmo.core.audit.models import AuditCheck, AuditEntry, AuditErasure, AuditPayload, AuditSeal
from pmo.core.calendars.models import CalendarException, FiscalPeriod, Organisation
from pmo.core.custom_fields.models import CustomField, CustomValue, DefinitionStamp, LookupTable, LookupValue
from pmo.core.decision_rights.models import DecisionRight
from pmo.core.favourites.models import Favourite
from pmo.core.features.models import FeatureState, FeatureSwitch
from pmo.core.imports.models import ImportBatch, ImportChange, ImportMapping
from pmo.core.jobs.models import BeatTick, DailyStart, Job, JobAttempt, JobOutbox
from pmo.core.messages.models import (
    CalendarFeed,
    ChatGroup,
    DeliveryLane,
    DigestDay,
    MessageChoice,
    MessageDelivery,
    MessageHours,
    Notification,
    Webhook,
)
from pmo.core.metrics.models import MetricDefinition
from pmo.core.money.models import Currency, ExchangeRate
from pmo.core.people.models import OrgUnit, Person, RoleGrant, User
from pmo.core.privacy.models import PersonErasure
from pmo.core.registers.models import ApiToken, IdempotencyKey, RegisterPreference
from pmo.core.registers.saved_views.models import SavedView, ViewMark
from pmo.core.registers.undo.models import UndoEntry, UndoRow
from pmo.core.report_builder.models import BuiltReport, ReportReader
from pmo.core.retention.models import RetentionPeriod
from pmo.core.search.models import SearchEntry, SearchSpelling
from pmo.core.sign_in.models import ExternalIdentity, FormerPassword, Invite, Session, SignInLimit

__all__ = [
    "ApiToken",
    "Attachment",
    "AuditCheck",
    "AuditEntry",
    "AuditErasure",
    "AuditPayload",
    "AuditSeal",
    "BeatTick",
    "BuiltReport",
    "CalendarException",
    "CalendarFeed",
    "ChatGroup",
    "Comment",
    "Currency",
    "CustomField",
    "CustomValue",
    "DailyStart",
    "DecisionRight",
    "DefinitionStamp",
    "DeliveryLane",
    "DigestDay",
    "ExchangeRate",
    "ExternalIdentity",
    "Favourite",
    "FeatureState",
    "FeatureSwitch",
    "FiscalPeriod",
    "FormerPassword",
    "IdempotencyKey",
    "ImportBatch",
    "ImportChange",
    "ImportMapping",
    "Invite",
    "Job",
    "JobAttempt",
    "JobOutbox",
    "LookupTable",
    "LookupValue",
    "MessageChoice",
    "MessageDelivery",
    "MessageHours",
    "MetricDefinition",
    "Notification",
    "OrgUnit",
    "Organisation",
    "Person",
    "PersonErasure",
    "RegisterPreference",
    "ReportReader",
    "RetentionPeriod",
    "RoleGrant",
    "SearchEntry",
    "SearchSpelling",
    "SavedView",
    "Session",
    "SignInLimit",
    "Tagging",
    "UndoEntry",
    "UndoRow",
    "User",
    "ViewMark",
    "Webhook",
    "Watch",
]
