"""One page of 25 rows behind a database session."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

_ROWS = """SELECT number, date, due_date, reference, balance FROM documents_document
           WHERE organization_id = %s AND contact_id = %s AND kind = 'invoice'
           ORDER BY date DESC, id DESC LIMIT 25"""


def page(request: HttpRequest) -> HttpResponse:
    session = request.session
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [session["organization"], session["contact"]])
        rows = cursor.fetchall()
    return render(request, "page.html", {"rows": rows})


urlpatterns = [path("", page)]
