"""`python pmo/core/ops/probe.py`: exit status 0 where the web process of this container answers. Needs no Django."""

from __future__ import annotations

import os
import sys
import urllib.request


def main() -> int:
    """Ask /healthz as the proxy would: by a name the product answers to, over what the proxy says was HTTPS."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip() or "localhost"
    port = os.environ.get("PORT", "8000")
    headers = {"Host": host.lstrip("."), "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310  loopback
            return 0 if answer.status == 200 else 1
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
