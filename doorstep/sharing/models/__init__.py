from doorstep.sharing.models.link import Link, LinkRight
from doorstep.sharing.models.opening import Opening
from doorstep.sharing.models.sign_up import SignUp

__all__ = ["Link", "LinkRight", "Opening", "SignUp"]
