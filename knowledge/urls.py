"""Addresses of the knowledge room beside its registers."""

from django.urls import path

from knowledge.views import articles, home, images, lessons, search, templates

urlpatterns = [
    path("knowledge/", home.home, name="knowledge-home"),
    path("knowledge/search", search.search, name="knowledge-search"),
    path("knowledge/preview/<slug:field>/", articles.preview, name="article-preview"),
    path("knowledge/articles/<int:pk>/", articles.article_page, name="article-page"),
    path("knowledge/articles/<int:pk>/useful/", articles.article_vote, name="article-vote"),
    path("knowledge/articles/<int:pk>/revisions/", articles.revisions, name="article-revisions"),
    path("knowledge/articles/<int:pk>/revisions/<int:number>/", articles.revision, name="article-revision"),
    path("knowledge/articles/<int:pk>/revisions/<int:number>/restore/", articles.restore, name="article-restore"),
    path("knowledge/articles/<int:pk>/images/", images.article_images, name="article-images"),
    path("knowledge/images/<int:pk>/", images.image, name="article-image"),
    path("knowledge/images/<int:pk>/delete/", images.image_delete, name="article-image-delete"),
    path("knowledge/lessons/<int:pk>/use/<int:project>/", lessons.use, name="lesson-use"),
    path("knowledge/templates/<int:pk>/versions/", templates.upload, name="template-upload"),
    path("knowledge/templates/versions/<int:pk>/", templates.download, name="template-download"),
]
