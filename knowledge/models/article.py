"""Articles with their tags, revisions, images and votes."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from knowledge.models.choices import ArticleKind, ArticleState
from pmo.core.people.models import Person
from pmo.core.people.names import localised
from pmo.core.records.models import Record, unique_if_alive

TEXTS = ("title_zh", "title_en", "summary_zh", "summary_en", "body_zh", "body_en")


class Tag(Record):
    """A word under which articles are found."""

    name = models.CharField(
        _("Tag"),
        max_length=40,
        validators=[
            RegexValidator(r"[,，、;；#]", _("A tag is one word or phrase without a comma."), inverse_match=True)
        ],
    )

    class Meta(Record.Meta):
        verbose_name = _("Tag")
        verbose_name_plural = _("Tags")
        ordering = ["name"]
        constraints = [unique_if_alive("name", name="tag_name")]

    def __str__(self) -> str:
        return self.name


class Article(Record):
    """A text worth keeping, in Chinese, in English or in both."""

    access_scope = ("article", "id")
    code_pattern = "KA-{:04d}"

    code = models.CharField(_("Code"), max_length=60, blank=True)
    kind = models.CharField(_("Kind"), max_length=14, choices=ArticleKind, default=ArticleKind.BEST_PRACTICE)
    title_zh = models.CharField(_("Chinese title"), max_length=200, blank=True)
    title_en = models.CharField(_("English title"), max_length=200, blank=True)
    summary_zh = models.TextField(_("Chinese summary"), max_length=500, blank=True)
    summary_en = models.TextField(_("English summary"), max_length=500, blank=True)
    body_zh = models.TextField(_("Chinese text"), max_length=100_000, blank=True)
    body_en = models.TextField(_("English text"), max_length=100_000, blank=True)
    tag_names = models.CharField(
        _("Tags"),
        max_length=300,
        blank=True,
        help_text=_("Words under which the article is found, with commas between."),
    )
    tags = models.ManyToManyField(Tag, through="ArticleTag", related_name="articles", editable=False)
    owner = models.ForeignKey(
        Person,
        verbose_name=_("Owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="articles",
        help_text=_("Keeps the article right. Empty: you."),
    )
    state = models.CharField(_("Status"), max_length=10, choices=ArticleState, default=ArticleState.DRAFT)
    published_on = models.DateField(_("Published on"), null=True, blank=True, editable=False)
    review_on = models.DateField(
        _("Next review"), null=True, blank=True, help_text=_("When the owner checks that the text still holds.")
    )
    country = models.CharField(
        _("Country or region"), max_length=60, blank=True, help_text=_("Where it applies. Empty: everywhere.")
    )
    views = models.PositiveIntegerField(pgettext_lazy("reading", "Views"), default=0, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Article")
        verbose_name_plural = _("Articles")
        ordering = ["code"]
        constraints = [unique_if_alive("code", name="article_code")]
        indexes = [models.Index(fields=["state", "kind"], name="article_state_kind")]

    def __str__(self) -> str:
        return self.title or self.code

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return localised(self.title_zh, self.title_en)

    @property
    def summary(self) -> str:
        """The summary in the reader's language."""
        return localised(self.summary_zh, self.summary_en)

    def clean(self) -> None:
        if not (self.title_zh or self.title_en):
            raise ValidationError({"title_zh": _("Give a title in Chinese or in English.")})
        if not (self.body_zh.strip() or self.body_en.strip()):
            raise ValidationError({"body_zh": _("Write the text in Chinese or in English.")})


class ArticleTag(Record):
    """An article carries a tag."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="tag_links")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="article_links")

    class Meta(Record.Meta):
        verbose_name = _("Tag of an article")
        verbose_name_plural = _("Tags of articles")
        constraints = [unique_if_alive("article", "tag", name="article_tag_once")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.tag_id}"


class ArticleRevision(Record):
    """The texts of a published article as they stood from one change to the next; never changed."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("Revision"))
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField(_("Made on"))
    reason = models.CharField(_("Why"), max_length=500, blank=True)
    title_zh = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    summary_zh = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    body_zh = models.TextField(blank=True)
    body_en = models.TextField(blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Revision")
        verbose_name_plural = _("Revisions")
        ordering = ["article", "-number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="article_revision_number")]

    def __str__(self) -> str:
        return str(self.number)


class ArticleImage(Record):
    """A picture an article shows; who sees the article sees it."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="images")
    name = models.CharField(_("File name"), max_length=200)
    stored = models.CharField(max_length=200, editable=False)
    content_type = models.CharField(max_length=40, editable=False)
    size = models.PositiveIntegerField(_("Size"), editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        verbose_name = _("Image")
        verbose_name_plural = _("Images")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ArticleVote(Record):
    """Somebody found an article useful; taken back, the row is gone."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="votes")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta(Record.Meta):
        verbose_name = _("Vote")
        verbose_name_plural = _("Votes")
        constraints = [models.UniqueConstraint(fields=["article", "person"], name="article_vote_once")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.person_id}"
