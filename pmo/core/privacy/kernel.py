"""What the tables of the kernel hold about people."""

from __future__ import annotations

from pmo.core.privacy.declaration import declare_personal


def declare() -> None:
    """The kernel's tables."""
    _people()
    _work()
    _rest()


def _people() -> None:
    """Who somebody is, how they sign in, what they set for themselves and what they were told."""
    declare_personal("core.ApiToken", plain="prefix", text="name", hidden="digest", gone="user")
    declare_personal("core.CalendarFeed", plain="prefix kinds", text="name", hidden="digest", gone="user")
    declare_personal("core.DigestDay", gone="user")
    declare_personal("core.ExternalIdentity", plain="source", identity="subject", gone="user")
    declare_personal("core.Favourite", text="title url", gone="user")
    declare_personal("core.FormerPassword", hidden="password", gone="user")
    declare_personal("core.IdempotencyKey", plain="key fingerprint", content="body", gone="user")
    declare_personal("core.Invite", text="email name", content="roles", hidden="digest", gone="person user")
    declare_personal("core.MessageChoice", plain="event", gone="user")
    declare_personal("core.MessageDelivery", plain="once event", text="error", content="payload", gone="user")
    declare_personal("core.MessageHours", gone="user")
    declare_personal("core.Notification", plain="event key about_model", text="url", content="params note", gone="user")
    declare_personal("core.Person", identity="code name_zh name_en email title")
    declare_personal("core.PersonErasure", plain="counts", text="reason")
    declare_personal("core.RegisterPreference", plain="register columns", gone="user")
    declare_personal("core.ReportReader", gone="user")
    declare_personal("core.RoleGrant", gone="person")
    declare_personal("core.SavedView", plain="register", text="name query", own="owner")
    declare_personal(
        "core.Session", plain="method", identity="address device", hidden="session_key session_data", gone="user"
    )
    declare_personal("core.SignInLimit", hidden="key", gone="user")
    declare_personal("core.UndoEntry", plain="register", text="title", content="request refused kept", gone="user")
    declare_personal("core.UndoRow", text="label", content="before after")
    declare_personal("core.User", plain="time_zone", identity="username first_name last_name email", hidden="password")
    declare_personal("core.User_groups", gone="user")
    declare_personal("core.User_user_permissions", gone="user")
    declare_personal("core.ViewMark", gone="user")
    declare_personal("core.Watch", plain="model", gone="user")


def _work() -> None:
    """The trail, calendars, custom fields, comments, decisions."""
    declare_personal(
        "core.Attachment",
        plain="model stored content_type sha256",
        name="author_name:author",
        text="name",
        own="author",
    )
    declare_personal("core.AuditCheck", plain="head findings")
    declare_personal(
        "core.AuditEntry",
        plain="action model request_id digest",
        name="actor_name:actor",
        text="object_label reason",
        about=("model", "object_id"),
    )
    declare_personal("core.AuditErasure", plain="after")
    declare_personal("core.AuditPayload", content="changes", via="entry__actor")
    declare_personal("core.AuditSeal", plain="head")
    declare_personal("core.BeatTick", plain="name")
    declare_personal("core.BuiltReport", plain="register", text="name query", own="owner")
    declare_personal("core.CalendarException", text="region name_zh name_en")
    declare_personal("core.ChatGroup", plain="hint events scope_kind", text="name", hidden="address")
    declare_personal("core.Comment", plain="model", name="author_name:author", text="text", own="author")
    declare_personal("core.Currency", plain="code name_zh name_en")
    declare_personal(
        "core.CustomField",
        plain="code currency formula unit seen_by edited_by result",
        text="name_zh name_en help_zh help_en default section_zh section_en",
    )
    declare_personal("core.CustomValue", text="text")
    declare_personal("core.DailyStart", plain="key name")
    declare_personal("core.DecisionRight", plain="code currency", text="remark")
    declare_personal("core.DeliveryLane", plain="name", text="error")
    declare_personal("core.ExchangeRate", plain="currency", text="source")
    declare_personal("core.FeatureState", plain="off")
    declare_personal("core.FeatureSwitch", plain="key")
    declare_personal("core.FiscalPeriod", plain="code")


def _rest() -> None:
    """Imports, jobs, metrics, the search index."""
    declare_personal(
        "core.ImportBatch",
        plain="target stored content_hash",
        text="filename",
        content="reading table mapping choices preview result",
    )
    declare_personal("core.ImportChange", plain="model", text="history_after", content="before history_before")
    declare_personal("core.ImportMapping", plain="target", text="name", content="spec")
    declare_personal("core.ImportRefusal", plain="code", text="column field value", content="params")
    declare_personal("core.ImportRow", text="label")
    declare_personal(
        "core.Job",
        plain="unique_key asked_key language worker kind",
        name="owner_name:owner",
        text="message error",
        content="params result",
    )
    declare_personal("core.JobAttempt", plain="worker", text="error")
    declare_personal("core.LookupTable", plain="code", text="name_zh name_en note")
    declare_personal("core.LookupValue", plain="code", text="name_zh name_en")
    declare_personal(
        "core.MetricDefinition",
        plain="code",
        text="name_zh name_en meaning_zh meaning_en formula_zh formula_en rules_zh rules_en source calculated_in notes",
    )
    declare_personal("core.OrgUnit", plain="code path", text="name_zh name_en")
    declare_personal("core.Organisation", plain="time_zone base_currency working_weekdays", text="name_zh name_en")
    declare_personal("core.RetentionPeriod", plain="key")
    declare_personal("core.SearchEntry", plain="register", index="code code_key title_zh title_en text pinyin tokens")
    declare_personal("core.SearchSpelling", plain="form word")
    declare_personal("core.Tagging", plain="model", text="folded word")
    declare_personal("core.Webhook", plain="events", text="name url", hidden="secret")
