"""The root: what stands outside every organisation's portal and office."""

from django.urls import include, path

urlpatterns = [
    path("", include("doorstep.web.public.urls")),
]
handler400 = "doorstep.web.ui.errors.bad_request"
handler403 = "doorstep.web.ui.errors.forbidden"
handler404 = "doorstep.web.ui.errors.not_found"
handler500 = "doorstep.web.ui.errors.server_error"
