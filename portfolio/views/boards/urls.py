"""Addresses of boards and tiles."""

from django.urls import path

from portfolio.views.boards import arrange, manage, show

urlpatterns = [
    path("boards/", show.board_list, name="boards"),
    path("boards/new/", manage.new, name="board-new"),
    path("boards/home/", manage.set_home, name="board-home"),
    path("boards/role/<slug:role>/", show.role_board, name="board-role"),
    path("boards/role/<slug:role>/edit/", manage.edit_default, name="board-role-edit"),
    path("boards/<int:pk>/", show.board_page, name="board"),
    path("boards/<int:pk>/arrange/", arrange.arrange, name="board-arrange"),
    path("boards/<int:pk>/rename/", arrange.rename, name="board-rename"),
    path("boards/<int:pk>/reset/", manage.reset, name="board-reset"),
    path("boards/<int:pk>/delete/", manage.delete, name="board-delete"),
    path("boards/<int:pk>/share/", manage.share, name="board-share"),
    path("boards/<int:pk>/share/<int:share>/end/", manage.unshare, name="board-unshare"),
    path("boards/decide/<int:pk>/", manage.decide_now, name="decision-decide"),
    path("tiles/<slug:key>/", show.tile_page, name="tile"),
]
