"""Outside every organisation: welcome, set-up, health, the test bank and what gateways call."""

from django.urls import include, path

from doorstep.web.public.views import health, set_up, welcome

urlpatterns = [
    path("", welcome.welcome, name="home"),
    path("demo/<slug:key>/", welcome.be_somebody, name="be_somebody"),
    path("set-up/", set_up.set_up, name="set_up"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("doorstep.web.ui.urls")),
]
