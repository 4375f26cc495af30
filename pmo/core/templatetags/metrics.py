"""`{% load metrics %}`: links to the page of a metric."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pmo.core.metrics.declaration import declared
from pmo.core.metrics.queries import metric_url

register = template.Library()


@register.simple_tag
def metric_link(code: str) -> SafeString | str:
    """`{% metric_link "PF-CPI" %}`: the code as a link to its page, named for who asks; "" for a code nobody declared. No query."""
    spec, url = declared(code), metric_url(code)
    if spec is None or not url:
        return ""
    return format_html('<a class="metric" href="{}" title="{}"><code>{}</code></a>', url, spec.name, code)
