"""Around a whole page: {% load bwsheets %}{% sheets %}<!doctype html>…{% endsheets %}."""

from __future__ import annotations

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

from pmo.core.web.sheets import with_links

register = template.Library()


class SheetsNode(template.Node):
    """Renders the page, then puts in the links of the sheets it needs."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        return with_links(self.nodelist.render(context))


@register.tag
def sheets(parser: Parser, token: Token) -> SheetsNode:
    """The page inside gets the style sheets it uses, in place of <!--sheets-->."""
    nodelist = parser.parse(("endsheets",))
    parser.delete_first_token()
    return SheetsNode(nodelist)
