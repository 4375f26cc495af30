"""Where a request comes from: the address behind the proxy, and the device in words."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("MicroMessenger/", "WeChat"),
             ("Chromium/", "Chromium"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
            ("HarmonyOS", "HarmonyOS"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def client_address(request: HttpRequest) -> str | None:
    """The client's address. A proxy's header counts only behind a proxy, and there only what that proxy added itself."""
    address = request.META.get("REMOTE_ADDR", "")
    hops = settings.SIGN_IN.proxies
    if hops:
        passed = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if len(passed) >= hops:
            address = passed[-hops]
    try:
        return str(ipaddress.ip_address(address.strip("[]")))
    except ValueError:
        return None


def device_of(request: HttpRequest) -> str:
    """Browser and system, such as "Firefox, Windows"; the beginning of what the program calls itself where neither is known."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    words = [next((name for mark, name in table if mark in agent), "") for table in (_BROWSERS, _SYSTEMS)]
    return ", ".join(word for word in words if word) or agent[:60]
