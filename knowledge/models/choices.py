"""Fixed vocabularies of the knowledge room."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ArticleKind(models.TextChoices):
    BEST_PRACTICE = "best_practice", _("Best practice")
    LESSON = "lesson", _("Lesson learned")
    WAR_STORY = "war_story", _("War story")
    PROCESS = "process", pgettext_lazy("article", "Process")
    GUIDELINE = "guideline", _("Guideline")
    CONTINGENCY = "contingency", _("Contingency plan")
    FAQ = "faq", _("FAQ")


class ArticleState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("article", "Draft")
    PUBLISHED = "published", pgettext_lazy("article", "Published")
    ARCHIVED = "archived", pgettext_lazy("article", "Archived")


class LessonKind(models.TextChoices):
    WELL = "well", _("Went well")
    WRONG = "wrong", _("Went wrong")


class LessonState(models.TextChoices):
    NOTED = "noted", pgettext_lazy("lesson", "Noted")
    REVIEWED = "reviewed", pgettext_lazy("lesson", "Reviewed")
    PUBLISHED = "published", pgettext_lazy("lesson", "Published")


class LessonCategory(models.TextChoices):
    SCOPE = "scope", _("Scope and requirements")
    SCHEDULE = "schedule", _("Schedule")
    COST = "cost", _("Cost")
    QUALITY = "quality", _("Quality and testing")
    RISK = "risk", _("Risk")
    SUPPLIER = "supplier", _("Suppliers and interfaces")
    PEOPLE = "people", _("Team and resources")
    STAKEHOLDER = "stakeholder", _("Stakeholders")
    DATA = "data", _("Data and systems")
    GOVERNANCE = "governance", _("Governance and decisions")


class TemplateKind(models.TextChoices):
    CHARTER = "charter", _("Charter")
    PLAN = "plan", pgettext_lazy("template", "Plan")
    REPORT = "report", pgettext_lazy("template", "Report")
    REGISTER = "register", pgettext_lazy("template", "Register")
    CHECKLIST = "checklist", _("Checklist")
    MINUTES = "minutes", _("Minutes")
    OTHER = "other", pgettext_lazy("template", "Other")


class TemplateLanguage(models.TextChoices):
    CHINESE = "zh-hans", _("Chinese")
    ENGLISH = "en", _("English")
    BOTH = "both", _("Chinese and English")


class TemplateState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("template", "In use")
    DRAFT = "draft", pgettext_lazy("template", "Draft")
    RETIRED = "retired", pgettext_lazy("template", "Retired")
