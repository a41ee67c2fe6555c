from doorstep.payments.gateways.sandbox.bank import SandboxNotice, SandboxSession
from doorstep.payments.models.allocation import Allocation
from doorstep.payments.models.payment import Payment

__all__ = ["Allocation", "Payment", "SandboxNotice", "SandboxSession"]
