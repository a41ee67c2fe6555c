"""Who lives in the demo company, and what they buy."""

from __future__ import annotations

from typing import NamedTuple


class Part(NamedTuple):
    """One of the five people whom a visitor may be."""

    key: str
    name: str
    email: str
    part: str
    face: str

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]


CAST = (
    Part("wile", "Wile Tanner", "wile@coyote.example", "buyer at Coyote Ltd, a customer", "portal"),
    Part(
        "wanda",
        "Wanda Reyes",
        "wanda@coyote.example",
        "accounts at Coyote Ltd, a customer",
        "portal",
    ),
    Part("olivia", "Olivia Ortiz", "olivia@acme.example", "owner of Acme Wholesale", "office"),
    Part("ben", "Ben Baker", "ben@acme.example", "bookkeeper of Acme Wholesale", "office"),
    Part(
        "rita",
        "Rita Runner",
        "rita@roadrunner.example",
        "sales at Roadrunner Supplies, a vendor",
        "portal",
    ),
)

GOODS = (
    # name, SKU, price
    ("Steel shelving bay, 2.0 m", "SH-2000-G", "184.00"),
    ("Climbing rope 11 mm, 50 m", "RP-1150", "129.50"),
    ("Cast anvil, 25 kg", "AN-25", "245.00"),
    ("Roller skates, size 44", "RS-44", "62.00"),
    ("Bird seed, 40 kg sack", "BS-40", "47.80"),
    ("Tunnel paint, matt black, 10 l", "TP-10", "88.40"),
    ("Giant rubber band, 6 m", "RB-600", "36.25"),
    ("Parcel scale, 150 kg", "PS-150", "310.00"),
    ("Safety helmet, vented", "HE-02", "28.90"),
    ("Telescopic ladder, 5.2 m", "LD-52", "219.00"),
)

CUSTOMERS = (
    # name, city, region, people
    ("Mesa Freight", "Albuquerque", "NM", "Nora Quist"),
    ("Sandia Outdoors", "Santa Fe", "NM", "Theo Park"),
    ("Pueblo Hardware", "Pueblo", "CO", "Inez Duarte"),
    ("Canyon Kitchens", "Page", "AZ", "Sam Okafor"),
    ("Juniper & Daughters", "Durango", "CO", "June Juniper"),
    ("Alto Cycles", "Taos", "NM", "Mika Sato"),
    ("Bluebird Schools", "Farmington", "NM", "Grace Lindholm"),
    ("Desert Print Works", "Tucson", "AZ", "Omar Haddad"),
    ("Rio Vista Hotel", "El Paso", "TX", "Elena Rossi"),
    ("Yucca Labs", "Las Cruces", "NM", "Ravi Menon"),
)

BANNER = (
    "<strong>Closed for Thanksgiving</strong> on Thursday. Orders placed by Tuesday noon leave on "
    'Wednesday. <a href="https://acme.example/hours">Holiday hours</a>'
)
