"""The list of a form's errors above it."""

from __future__ import annotations

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import translation


class _Form(forms.Form):
    title = forms.CharField(label="Title", error_messages={"required": "Give one."})


@pytest.mark.parametrize(("language", "shown"), [("en", "Title</a>: Give one."), ("zh-hans", "Title</a>：Give one.")])
def test_each_error_names_its_field_with_the_colon_of_the_language(language: str, shown: str) -> None:
    with translation.override(language):
        assert shown in render_to_string("components/form_errors.html", {"form": _Form({})})
