import datetime, pathlib, pytest
from doorstep.lib import clock
from doorstep.notifications.models import Message, MailSettings
from doorstep.notifications.sweep import sweep
from doorstep.notifications.tests.conftest import book, start  # noqa
from doorstep.payments.states import PaymentState
from tests.conftest import chromium  # noqa
from tests.cast import NOON, an_invoice, a_person
pytestmark = pytest.mark.django_db(transaction=True)
D = datetime.date
def test_look(cast, start, chromium, live_server, signed_in, settings):
    settings.MAILERS = {"default": {"BACKEND": "doorstep.notifications.backend.OutboxBackend"}}
    settings.ALLOWED_HOSTS=["*"]
    settings.BASE_URL=live_server.url
    o = cast.acme.organization
    o.email="billing@acme.example"; o.phone="+1 505 555 0142"; o.save()
    inv=[an_invoice(cast.coyote,a,by=cast.olivia,day=D(2026,10,1),due=d) for a,d in (("1204.50",D(2026,10,23)),("864.00",D(2026,11,6)),("2310.75",D(2026,11,13)))]
    book(start(inv,by="wanda"),PaymentState.SUCCEEDED,method="card",method_label="Visa ending 4242")
    i=an_invoice(cast.coyote,"420.00",by=cast.olivia); i.send(by=cast.olivia,at=NOON,to=[cast.wile]); i.view(by=cast.wile,at=NOON)
    p=book(start([i],by="wile"),PaymentState.PENDING,method="bank_debit",method_label="Bank account ending 6789",expected_on=D(2026,11,26))
    book(p,PaymentState.FAILED,reason="The account has not enough money.")
    road=a_person(cast.coyote,"Road Runner","road@coyote.example",access=False); road.invite(by=cast.olivia,at=NOON)
    sweep(clock.now)
    from django.test import Client
    Client().post("/portal/acme/password/forgotten/",{"email":"wanda@coyote.example"})
    account=Message.objects.get(kind__startswith="account")
    out=pathlib.Path("/tmp/mailer/look"); (out/"account.html").write_text(account.html); (out/"account.txt").write_text(account.text)
    client=signed_in(cast.olivia)
    inv_pk=Message.objects.get(kind="invitation").pk; rec=Message.objects.get(kind="receipt").pk
    def shots(tag, pages, width, scheme):
        ctx=chromium.new_context(viewport={"width":width,"height":800},color_scheme=scheme)
        ctx.add_cookies([{"name":k,"value":m.value,"url":live_server.url} for k,m in client.cookies.items()])
        page=ctx.new_page(); errors=[]
        page.on("console", lambda m: errors.append(m.text) if m.type=="error" else None)
        for name,url in pages.items():
            r=page.goto(live_server.url+url); print(name, r.status)
            page.screenshot(path=str(out/f"{tag}-{name}.png"),full_page=True)
            print(name, page.evaluate("document.documentElement.scrollWidth"))
        print(errors); ctx.close()
    pages={"outbox":"/office/acme/outbox/","invitation":f"/office/acme/outbox/{inv_pk}/","receipt":f"/office/acme/outbox/{rec}/","notices":"/office/acme/notices/","mail":"/office/acme/settings/mail/"}
    shots("k",pages,1280,"light"); shots("kp",{k:pages[k] for k in ("outbox","receipt","notices","mail")},390,"dark")
    MailSettings.objects.create(organization=o,host="smtp.acme.example",from_address="billing@acme.example")
    Message.objects.filter(pk=rec).update(state="failed",error="550 5.1.1 no such user",attempts=1)
    shots("s",{k:pages[k] for k in ("outbox","receipt","mail")},1280,"light")
    shots("h",{"html":f"/office/acme/outbox/{rec}/html/"},390,"light")
    ctx=chromium.new_context(viewport={"width":390,"height":800}); page=ctx.new_page(); page.goto(f"file://{out}/account.html"); page.screenshot(path=str(out/"account.png"),full_page=True); ctx.close()
