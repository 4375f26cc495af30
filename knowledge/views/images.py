"""Pictures of articles: upload, list, delete, and the picture itself."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from knowledge.models import Article, ArticleImage
from knowledge.services import images as services
from pmo.core.access.api import get_or_refuse
from pmo.core.audit.actor import request_actor
from pmo.core.files.sniff import IMAGES


@require_http_methods(["GET", "HEAD", "POST"])
def article_images(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The pictures of an article, and a new one."""
    article: Article = get_or_refuse(request.user, Article, pk, "change")
    error = ""
    if request.method == "POST":
        upload = request.FILES.get("image")
        if upload is None:
            error = _("Choose a picture first.")
        elif (upload.size or 0) > services.MOST_BYTES:
            error = _("The picture is larger than 5 MB; make it smaller.")
        else:
            try:
                image = services.add_image(
                    actor=request_actor(request), article=article, name=upload.name or "", content=upload.read()
                )
            except ValidationError as refused:
                error = " ".join(refused.messages)
            else:
                messages.success(request, _("Saved: %(name)s") % {"name": image.name})
                return redirect("article-images", pk=pk)
    rows = ArticleImage.objects.filter(article=article).order_by("-pk")
    context = {"article": article, "images": rows, "error": error}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "knowledge/images.html", context, status=status)


def _image(request: HttpRequest, pk: int, action: str = "view") -> ArticleImage:
    """The picture, if the user may do the action on its article: a hidden article hides its pictures."""
    row: ArticleImage | None = ArticleImage.objects.filter(pk=pk).first()
    if row is None:
        raise Http404(_("There is no such record, or you may not see it."))
    get_or_refuse(request.user, Article, row.article_id, action)
    return row


@require_safe
def image(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The picture itself, never taken for anything else."""
    row = _image(request, pk)
    if row.content_type not in IMAGES.values() or not default_storage.exists(row.stored):
        raise Http404(_("There is no such record, or you may not see it."))
    response = FileResponse(default_storage.open(row.stored), content_type=row.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Length"] = str(row.size)
    return response


@require_POST
def image_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a picture out of its article."""
    row = _image(request, pk, "change")
    services.delete_image(actor=request_actor(request), image=row)
    messages.success(request, _("Deleted: %(name)s") % {"name": row.name})
    return redirect("article-images", pk=row.article_id)
