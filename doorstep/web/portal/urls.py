"""The portal: customers and vendors. Mounted under /portal/<portal-name>/."""

from django.urls import include, path

from doorstep.web.portal.views import (
    colleagues,
    consent,
    details,
    documents,
    home,
    invitation,
    invoice,
    invoices,
    pay,
    payments,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices.csv", invoices.invoices_csv, name="invoices_csv"),
    # Numbers come from other systems too, and some hold a slash.
    path("invoices/<path:number>/pdf/", invoice.invoice_pdf, name="invoice_pdf"),
    path("invoices/<path:number>/print/", invoice.invoice_print, name="invoice_print"),
    path("invoices/<path:number>/", invoice.invoice, name="invoice"),
    path("pay/", pay.pay, name="pay"),
    path("payments/", payments.payments, name="payments"),
    path("payments.csv", payments.payments_csv, name="payments_csv"),
    path("payments/<path:number>/receipt/", payments.payment_receipt, name="payment_receipt"),
    path("payments/<path:number>/return/", payments.payment_return, name="payment_return"),
    path("payments/<path:number>/", payments.payment, name="payment"),
    path("details/", details.details, name="details"),
    path("details/edit/", details.details_edit, name="details_edit"),
    path("documents/", documents.documents, name="documents"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("documents/<int:pk>/version/", documents.document_version, name="document_version"),
    path("documents/asked/<int:pk>/", documents.document_asked, name="document_asked"),
    path("colleagues/", colleagues.colleagues, name="colleagues"),
    path("colleagues/<int:pk>/", colleagues.colleague, name="colleague"),
    path("colleagues/<int:pk>/invitation/", colleagues.invitation, name="colleague_invitation"),
    path("colleagues/<int:pk>/removal/", colleagues.removal, name="colleague_removal"),
    path("terms/", consent.consent, name="consent"),
    path("invitation/", invitation.invitation, name="invitation_open"),
    path("invitation/opening/", invitation.opening, name="invitation_opening"),
    path("invitation/<str:token>/", invitation.arrive, name="invitation"),
    path("", include("doorstep.identity.urls")),
    path("", include("doorstep.web.account.urls")),
    path("", include("doorstep.web.ui.urls")),
]
handler400 = "doorstep.web.ui.errors.bad_request"
handler403 = "doorstep.web.ui.errors.forbidden"
handler404 = "doorstep.web.ui.errors.not_found"
handler500 = "doorstep.web.ui.errors.server_error"
