# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""SDP of a browser and of a phone, and what each must not be given."""

FINGERPRINT = ":".join(["D2"] * 32)
DATA = "UDP/DTLS/SCTP"
WEBRTC = "UDP/TLS/RTP/SAVPF"
CODECS = {"111": "opus/48000/2", "0": "PCMU/8000", "8": "PCMA/8000", "101": "telephone-event/8000",
          "110": "telephone-event/48000", "126": "telephone-event/8000"}


def _lines(*lines):
    return "\r\n".join(lines) + "\r\n"


def browser(*media, port=40001, setup="actpass", way="sendrecv", version=1, audio="111 0"):
    """What Chromium says, with "video" and "data" besides audio where wanted."""
    names = ["audio", *media]
    text = ["v=0", f"o=- 4611 {version} IN IP4 127.0.0.1", "s=-", "t=0 0",
            "a=group:BUNDLE " + " ".join(str(i) for i in range(len(names))),
            "a=extmap-allow-mixed", "a=msid-semantic: WMS stream"]
    for mid, name in enumerate(names):
        text += {"audio": [f"m=audio {port} {WEBRTC} {audio}", "c=IN IP4 127.0.0.1",
                           *(f"a=rtpmap:{pt} {CODECS[pt]}" for pt in audio.split()),
                           "a=rtcp-fb:111 transport-cc", "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
                           "a=ssrc:1001 cname:c", "a=msid:stream track", "a=rtcp-mux", f"a={way}"],
                 "video": [f"m=video {port} {WEBRTC} 96", "c=IN IP4 127.0.0.1", "a=rtpmap:96 VP8/90000", "a=rtcp-fb:96 nack",
                           "a=rtcp-mux", "a=rtcp-rsize", f"a={way}"],
                 "data": [f"m=application {port} {DATA} webrtc-datachannel", "c=IN IP4 127.0.0.1", "a=sctp-port:5000"]}[name]
        text += [f"a=mid:{mid}", "a=ice-ufrag:ETEn", "a=ice-pwd:OtSK0WpNtpUjkY4x86js7ZQl",
                 f"a=fingerprint:sha-256 {FINGERPRINT}", f"a=setup:{setup}",
                 f"a=candidate:1 1 udp 2113937151 127.0.0.1 {port} typ host"]
    return _lines(*text)


def phone(*media, port=42000, way="sendrecv", version=1, audio="0", address="127.0.0.1"):
    """What a plain phone says; each of media is a whole m= line besides audio."""
    return _lines("v=0", f"o=- 7 {version} IN IP4 127.0.0.1", "s=-", f"c=IN IP4 {address}", "t=0 0",
                  f"m=audio {port} RTP/AVP {audio}", *(f"a=rtpmap:{pt} {CODECS[pt]}" for pt in audio.split()),
                  f"a={way}", *media)


def text_of(body):
    """As text, whichever it is."""
    return body.decode() if isinstance(body, bytes) else body


def media_lines(body):
    """The m= lines."""
    return [line for line in text_of(body).split("\r\n") if line.startswith("m=")]


def way_of(body):
    """sendrecv, sendonly, ... of the first media that says so."""
    for line in text_of(body).split("\r\n"):
        if line in ("a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive"):
            return line[2:]
    return ""


def codecs_of(body):
    """Names of the codecs that are described."""
    return {line.partition(" ")[2].partition("/")[0] for line in text_of(body).split("\r\n")
            if line.startswith("a=rtpmap:")}


def of_transport(body):
    """Port, keys and ICE credentials of audio."""
    return sorted(line for line in text_of(body).split("\r\n")
                  if line.startswith(("m=audio", "a=ice-ufrag", "a=ice-pwd", "a=fingerprint")))


FOR_WEBRTC = ("SAVP", "a=ice-", "a=candidate", "a=fingerprint", "a=setup", "BUNDLE", "a=rtcp-mux", "a=msid",
              "a=ssrc", "a=mid", "a=extmap", "a=rtcp-fb", "a=crypto")


def webrtc_in(body):
    """What of WebRTC is in SDP that the core gets: must be empty."""
    return [word for word in FOR_WEBRTC if word in text_of(body)]


def webrtc_missing(body):
    """What SDP lacks that a browser gets: must be empty."""
    return [word for word in (WEBRTC, "a=ice-ufrag", "a=ice-pwd", "a=candidate", "a=fingerprint", "a=setup",
                              "a=rtcp-mux") if word not in text_of(body)]
