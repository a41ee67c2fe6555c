"""The ways money moves: one folder a gateway, one line each in `GATEWAYS`."""

from functools import cache
from importlib import import_module

from doorstep.payments.gateways.base import Gateway

GATEWAYS = {
    "sandbox": "doorstep.payments.gateways.sandbox.gateway:SandboxGateway",
}


@cache
def gateway_named(slug: str) -> Gateway:
    """The gateway of that name, imported when first needed. Raises KeyError."""
    module, _colon, name = GATEWAYS[slug].partition(":")
    gateway: Gateway = getattr(import_module(module), name)()
    return gateway
