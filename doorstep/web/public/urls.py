"""Outside every organisation: welcome, set-up, health, the test bank and what gateways call."""

from django.urls import include, path

from doorstep.web.public.views import health, notices, sandbox_bank, set_up, welcome

urlpatterns = [
    path("", welcome.welcome, name="home"),
    path("demo/<slug:key>/", welcome.be_somebody, name="be_somebody"),
    path("set-up/", set_up.set_up, name="set_up"),
    path("gateways/<slug:slug>/", notices.notices, name="gateway_notices"),
    path("sandbox-bank/", sandbox_bank.overview, name="sandbox_bank"),
    path("sandbox-bank/<str:reference>/", sandbox_bank.session, name="sandbox_session"),
    path("sandbox-bank/<str:reference>/payment/", sandbox_bank.payment, name="sandbox_payment"),
    path(
        "sandbox-bank/<str:reference>/cancellation/",
        sandbox_bank.cancellation,
        name="sandbox_cancellation",
    ),
    path(
        "sandbox-bank/<str:reference>/settlement/", sandbox_bank.settlement, name="sandbox_settlement"
    ),
    path("sandbox-bank/<str:reference>/return/", sandbox_bank.returned, name="sandbox_return"),
    path(
        "sandbox-bank/<str:reference>/behaviour/", sandbox_bank.behaviour, name="sandbox_behaviour"
    ),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("doorstep.web.ui.urls")),
]
