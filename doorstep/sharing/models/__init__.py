from doorstep.sharing.models.link import Link, LinkRight
from doorstep.sharing.models.opening import Opening

__all__ = ["Link", "LinkRight", "Opening"]
