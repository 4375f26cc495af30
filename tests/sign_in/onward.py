"""The page between a button of ours and the sign-in of another system."""

from __future__ import annotations

import html
import re
from typing import Any


def onward(response: Any) -> str:
    """The address that the page goes on to."""
    assert response.status_code == 200, response.content[:500]
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', response.content.decode())
    assert found, response.content[:500]
    return html.unescape(found[1])
