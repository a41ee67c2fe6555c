"""The back office: the business itself. Mounted under /office/<portal-name>/."""

from django.urls import include, path

from doorstep.web.backoffice.views import (
    access,
    contacts,
    home,
    imports,
    invoice_drafts,
    invoices,
    links,
    mail_settings,
    members,
    notices,
    organization,
    outbox,
    payments,
    people,
    preferences,
    search,
)
from doorstep.web.ui.views import components

urlpatterns = [
    path("", home.home, name="home"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/csv/", contacts.contacts_csv, name="contacts_csv"),
    path("contacts/new/", contacts.contact_new, name="contact_new"),
    path("contacts/<int:pk>/", contacts.contact, name="contact"),
    path("contacts/<int:pk>/edit/", contacts.contact_edit, name="contact_edit"),
    path("contacts/<int:pk>/papers/", contacts.contact_papers, name="contact_papers"),
    path("contacts/<int:pk>/people/", contacts.people, name="contact_people"),
    path("contacts/<int:pk>/people/new/", people.person_new, name="person_new"),
    path("contacts/<int:pk>/view-as/", contacts.view_as, name="view_as"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/invitation/", people.invitation, name="person_invitation"),
    path("people/<int:pk>/revocation/", people.revocation, name="person_revocation"),
    path("people/<int:pk>/second-factor/", people.second_factor, name="person_second_factor"),
    path("access/", access.access, name="access"),
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/csv/", invoices.invoices_csv, name="invoices_csv"),
    path("invoices/new/", invoice_drafts.invoice_new, name="invoice_new"),
    path("invoices/totals/<int:pk>/", invoice_drafts.invoice_totals, name="invoice_totals"),
    path("invoices/<int:pk>/", invoices.invoice, name="invoice"),
    path("invoices/<int:pk>/edit/", invoice_drafts.invoice_edit, name="invoice_edit"),
    path("invoices/<int:pk>/pdf/", invoices.invoice_pdf, name="invoice_pdf"),
    path("invoices/<int:pk>/sending/", invoices.invoice_send, name="invoice_send"),
    path("invoices/<int:pk>/sent/", invoices.invoice_mark_sent, name="invoice_mark_sent"),
    path("invoices/<int:pk>/links/", links.invoice_links, name="invoice_links"),
    path(
        "invoices/<int:pk>/links/<int:link>/revocation/", links.revocation, name="link_revocation"
    ),
    path("invoices/<int:pk>/void/", invoices.invoice_void, name="invoice_void"),
    path("invoices/<int:pk>/deletion/", invoices.invoice_delete, name="invoice_delete"),
    path("payments/", payments.payments, name="payments"),
    path("payments/csv/", payments.payments_csv, name="payments_csv"),
    path("payments/new/", payments.payment_new, name="payment_new"),
    path("payments/<int:pk>/", payments.payment, name="payment"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/kept/", mail_settings.kept_mail, name="kept_mail"),
    path("outbox/<int:pk>/", outbox.message, name="message"),
    path("outbox/<int:pk>/link/", outbox.message_link, name="message_link"),
    path("outbox/<int:pk>/html/", outbox.message_html, name="message_html"),
    path("outbox/<int:pk>/papers/<int:place>/", outbox.message_paper, name="message_paper"),
    path("components/", components, name="components"),
    path("notices/", notices.notices, name="notices"),
    path("notices/bell/", notices.bell, name="bell"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("settings/notices/", notices.notice_settings, name="notice_settings"),
    path("settings/mail/", mail_settings.mail_settings, name="mail_settings"),
    path("settings/mail/test/", mail_settings.mail_test, name="mail_test"),
    path("settings/imports/", imports.imports, name="imports"),
    path("settings/imports/<int:pk>/", imports.import_batch, name="import_batch"),
    path(
        "settings/imports/<int:pk>/cancellation/", imports.cancellation, name="import_cancellation"
    ),
    path(
        "settings/imports/<int:pk>/bad-rows/<int:file>/", imports.bad_rows, name="import_bad_rows"
    ),
    path("search/", search.search, name="search"),
    path("checklist/", home.setup_checklist, name="setup_checklist"),
    path("settings/profile/", organization.profile, name="profile"),
    path("settings/numbering/", organization.numbering, name="numbering"),
    path("settings/payments/", organization.payment_setup, name="payment_setup"),
    path("settings/payments/test-mode/", organization.test_mode, name="test_mode"),
    path("settings/members/", members.members, name="members"),
    path("settings/members/<int:pk>/role/", members.member_role, name="member_role"),
    path("settings/members/<int:pk>/removal/", members.member_removal, name="member_removal"),
    path("settings/customer-portal/", preferences.preferences, name="preferences"),
    path("settings/customer-portal/preview/", preferences.preview, name="preferences_preview"),
    path("settings/customer-portal/name/", preferences.portal_name, name="portal_name"),
    path("settings/customer-portal/history/", preferences.history, name="preferences_history"),
    path("settings/customer-portal/history/<int:pk>/", preferences.undo, name="preferences_undo"),
    path("", include("doorstep.identity.urls")),
    path("", include("doorstep.web.account.urls")),
    path("", include("doorstep.web.ui.urls")),
]
handler400 = "doorstep.web.ui.errors.bad_request"
handler403 = "doorstep.web.ui.errors.forbidden"
handler404 = "doorstep.web.ui.errors.not_found"
handler500 = "doorstep.web.ui.errors.server_error"
