# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""A raw WSS client (Wic) and a raw Mw-side SIP peer (Mw) for odd behaviour.

    from wic import Wic, Mw, Ua, Dialog

    ua = Ua("sip:alice@ims.test", token=jwt)
    with Wic("127.0.0.1", 8443, ca="ca.pem", name="localhost",
             origin="https://wwsf.test").connect() as wic:
        print(wic.ask(ua.register()).status)

Only Python's standard library is used. Put tests/tools on PYTHONPATH."""

from .client import Wic, WicClosed
from .endpoint import WicTimeout
from .handshake import WicRefused, upgrade_request
from .link import client_hello, tls_context
from .mw import Mw
from .sip import SipError, SipMessage, address_uri, header_param
from .ua import SDP, Dialog, Ua, new_id, response

__all__ = [
    "Wic", "WicClosed", "WicTimeout", "WicRefused", "Mw", "Ua", "Dialog", "SDP",
    "SipMessage", "SipError", "address_uri", "header_param", "new_id", "response",
    "client_hello", "tls_context", "upgrade_request",
]
