from doorstep.contacts.models.access import Invitation, PortalAccess
from doorstep.contacts.models.contact import Contact, ContactRole
from doorstep.contacts.models.details import DetailWish, Wish
from doorstep.contacts.models.invitation_round import InvitationRound, Outcome, Place
from doorstep.contacts.models.people import PersonState
from doorstep.contacts.models.person import ContactPerson
from doorstep.contacts.models.viewing import Viewing

__all__ = [
    "Contact",
    "ContactPerson",
    "ContactRole",
    "DetailWish",
    "Invitation",
    "InvitationRound",
    "Outcome",
    "PersonState",
    "Place",
    "PortalAccess",
    "Viewing",
    "Wish",
]
