"""A client for addresses that somebody typed: public ones only, and the one that was looked at is the one called."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

TIMEOUT_SECONDS = 5
LONGEST = 512 * 1024


class NotPublic(ValueError):
    """The name leads into a private network, where a stranger's address has no business."""


class TooLong(requests.RequestException):
    """No document of this protocol is as long as that."""


class Fetcher(requests.Session):
    """Follows no redirects, keeps no cookies, reads no proxy from the environment, waits for seconds only."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.mount("https://", _PublicAdapter())
        if settings.PRIVATE_PROVIDERS:
            self.mount("http://", _PublicAdapter())
        else:
            self.adapters.pop("http://", None)

    def request(self, method: Any, url: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        kwargs |= {"allow_redirects": False, "timeout": TIMEOUT_SECONDS, "stream": True}
        self.cookies.clear()
        answer = super().request(method, url, **kwargs)
        content = answer.raw.read(LONGEST + 1, decode_content=True)
        if len(content) > LONGEST:
            raise TooLong("The answer is too long.")
        answer._content = content
        return answer


class _PublicAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _Checked:
    """Connects to the very address that was found public, however the name resolves a moment later."""

    host: str
    port: int
    timeout: Any

    def _new_conn(self) -> socket.socket:
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        if not settings.PRIVATE_PROVIDERS and not all(map(is_public, addresses)):
            raise NotPublic("This address is not on the public internet.")
        return socket.create_connection((addresses[0], self.port), timeout=TIMEOUT_SECONDS)


class _Connection(_Checked, HTTPConnection):
    pass


class _SecureConnection(_Checked, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def is_public(address: str) -> bool:
    said = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(said, ipaddress.IPv6Address):
        # Addresses of the old protocol, however they are wrapped.
        inner = said.ipv4_mapped or said.sixtofour or (said.teredo[1] if said.teredo else None)
        if inner is not None:
            said = inner
    return said.is_global and not said.is_multicast
