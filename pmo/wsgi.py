"""WSGI entry point of the web process."""

import os

from django.core.wsgi import get_wsgi_application

from pmo.roomy import roomy

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
application = roomy(get_wsgi_application())

from pmo.tidying import tidy_between_requests  # noqa: E402  it imports the views, which need the settings

tidy_between_requests()
