# Copyright (C) 2026 the webrtc_ims authors
#
# SPDX-License-Identifier: GPL-2.0-or-later
"""All families of tokens."""

from . import claims, forms, headers, signatures

FAMILIES = (*forms.FAMILIES, *headers.FAMILIES, *signatures.FAMILIES, *claims.FAMILIES)


def cases(world):
    """The tokens of each, by its name."""
    return {family.__name__: list(family(world)) for family in FAMILIES}
