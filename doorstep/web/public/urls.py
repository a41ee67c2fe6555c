"""Outside every organisation: welcome, set-up, health, the test bank and what gateways call."""

from django.urls import include, path

from doorstep.web.public.views import (
    authenticity,
    health,
    link_payments,
    links,
    notices,
    passing_on,
    sandbox_bank,
    set_up,
    sign_up,
    welcome,
)

urlpatterns = [
    path("", welcome.welcome, name="home"),
    path("ways-in/", welcome.ways_in, name="ways_in"),
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
        "sandbox-bank/<str:reference>/settlement/",
        sandbox_bank.settlement,
        name="sandbox_settlement",
    ),
    path("sandbox-bank/<str:reference>/return/", sandbox_bank.returned, name="sandbox_return"),
    path(
        "sandbox-bank/<str:reference>/behaviour/", sandbox_bank.behaviour, name="sandbox_behaviour"
    ),
    path("s/at/<str:handle>/", links.link, name="link"),
    path("s/at/<str:handle>/print/", links.link_print, name="link_print"),
    path("s/at/<str:handle>/pdf/", links.link_pdf, name="link_pdf"),
    path("s/at/<str:handle>/opening/", links.link_opening, name="link_opening"),
    path("s/at/<str:handle>/code/", links.link_code, name="link_code"),
    path("s/at/<str:handle>/proof/", links.link_proof, name="link_proof"),
    path("s/at/<str:handle>/fresh/", links.link_fresh, name="link_fresh"),
    path("s/at/<str:handle>/passed-on/", passing_on.passing_on, name="link_passing_on"),
    path(
        "s/at/<str:handle>/passed-on/<int:pk>/revocation/",
        passing_on.revocation,
        name="link_taking_back",
    ),
    path("s/at/<str:handle>/account/", sign_up.link_account, name="link_account"),
    path("s/at/<str:handle>/account/proof/", sign_up.link_account_proof, name="link_account_proof"),
    path("s/at/<str:handle>/account/entry/", sign_up.link_account_entry, name="link_account_entry"),
    path("s/at/<str:handle>/pay/", link_payments.link_pay, name="link_pay"),
    path(
        "s/at/<str:handle>/payments/<path:number>/", link_payments.link_payment, name="link_payment"
    ),
    path("s/<str:token>", links.land, name="link_landing"),
    path("v/", authenticity.ask, name="authenticity_asked"),
    path("v/<str:code>", authenticity.authenticity, name="authenticity"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("doorstep.web.ui.urls")),
]
