"""A stored file as an answer: never shown in the page's own name, whatever is in it."""

from __future__ import annotations

from urllib.parse import quote

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from doorstep.files.models import StoredFile

# Whoever opens it beside the site gets no scripts, no frames and no origin.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


def download(stored: StoredFile | None) -> FileResponse:
    """As a download with its name (RFC 6266). What is held, refused or lost is not there: 404."""
    if stored is None or not stored.is_ready:
        raise Http404
    try:
        content = default_storage.open(stored.path)
    except FileNotFoundError:
        raise Http404 from None
    plain = stored.name.encode("ascii", "replace").decode().replace("?", "_")
    response = FileResponse(content, content_type=stored.content_type)
    for name, value in {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(stored.name)}",
        "Content-Length": str(stored.size),
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
    }.items():
        response.headers[name] = value
    return response
