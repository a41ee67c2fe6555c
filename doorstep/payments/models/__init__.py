from doorstep.payments.gateways.sandbox.bank import SandboxSession
from doorstep.payments.gateways.sandbox.notices import SandboxNotice
from doorstep.payments.models.allocation import Allocation
from doorstep.payments.models.carried_over import CarriedOver
from doorstep.payments.models.payment import Payment

__all__ = ["Allocation", "CarriedOver", "Payment", "SandboxNotice", "SandboxSession"]
