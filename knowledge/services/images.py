"""Pictures of articles: known by their content, stored under a random name."""

from __future__ import annotations

import hashlib
import uuid

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from knowledge.models import Article, ArticleImage
from knowledge.services.articles import person_of
from pmo.core.audit.actor import Actor
from pmo.core.files.sniff import IMAGES, image_type
from pmo.core.records.services import create_record, delete_record

MOST_BYTES = 5 * 1024 * 1024
MOST_IMAGES = 40
_EXTENSIONS = {media: extension for extension, media in IMAGES.items()}


def add_image(*, actor: Actor, article: Article, name: str, content: bytes) -> ArticleImage:
    """Keep a picture for the article. Raises ValidationError for what is no picture, too large or one too many."""
    if len(content) > MOST_BYTES:
        raise ValidationError({"image": _("The picture is larger than 5 MB; make it smaller.")})
    media = image_type(content)
    if media is None:
        raise ValidationError({"image": _("This is no PNG, JPEG, GIF or WebP picture.")})
    if ArticleImage.objects.filter(article=article).count() >= MOST_IMAGES:
        raise ValidationError({"image": _("An article holds at most %(number)s pictures.") % {"number": MOST_IMAGES}})
    stored = default_storage.save(f"knowledge/images/{uuid.uuid4().hex}.{_EXTENSIONS[media]}", ContentFile(content))
    image = ArticleImage(
        article=article,
        name=name[-200:] or _EXTENSIONS[media],
        stored=stored,
        content_type=media,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        by=person_of(actor),
    )
    return create_record(actor=actor, row=image)


def delete_image(*, actor: Actor, image: ArticleImage) -> None:
    """Take a picture out; the file stays with the trash."""
    delete_record(actor=actor, row=image)
