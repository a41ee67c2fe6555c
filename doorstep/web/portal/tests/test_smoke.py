from tests.cast import *
import pytest
from datetime import timedelta
pytestmark = pytest.mark.django_db

def test_pages(cast, signed_in):
    today = NOON.date()
    for n in range(3):
        an_invoice(cast.coyote, "120.50", by=cast.olivia, day=today-timedelta(days=60), due=today-timedelta(days=30+n))
    wile = signed_in(cast.wile)
    base = cast.acme.portal
    for p in ["", "invoices/", "invoices/?show=paid","invoices.csv", "invoices/INV-000001/", "invoices/INV-000001/print/", "invoices/INV-000001/pdf/", "pay/?overdue=USD", "pay/?invoice=INV-000001", "payments/", "payments.csv", "details/"]:
        r = wile.get(base+p)
        print(p, r.status_code, len(b"".join(r)))
        assert r.status_code == 200, r.content
    rita = signed_in(cast.rita)
    for p in ["", "details/"]:
        assert rita.get(base+p).status_code == 200
    assert rita.get(base+"invoices/").status_code == 404
