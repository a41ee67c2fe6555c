"""Outside every organisation: welcome, health."""

from django.urls import include, path

from doorstep.web.public.views import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("doorstep.web.ui.urls")),
]
