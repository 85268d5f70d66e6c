/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_NET_H
#define WIMS_NET_H

/* Addresses of clients, and networks of them. An IPv4 address that came mapped
 * into IPv6 (RFC 4291 2.5.5.2) is that IPv4 address. */

#include "base/wims_env.h"
#include "base/wims_reason.h"
#include "base/wims_w.h"
#include "base/wims_fault.h"

enum
{
	WIMS_ADDRESS_MAX = 16,     /* bytes */
	WIMS_CLIENT_TEXT_MAX = 64, /* "2001:db8:1:2::/64" and NUL */
	WIMS_NETS_TEXT_MAX = 4096, /* the operator's list */
	WIMS_NETS_MAX = 128        /* networks in it */
};

struct wims_address
{
	unsigned char bytes[WIMS_ADDRESS_MAX];
	size_t l; /* 4 or 16 */
};

/* Of 4 or 16 bytes; of any other number it is empty, and belongs to nobody. */
struct wims_address wims_address_of(const void *bytes, size_t n);
/* "192.0.2.1", "2001:db8::1". */
WIMS_MUST_CHECK bool wims_address_parse(struct wims_address *a, struct wims_pl text);
/* What counts as one client: all of an IPv4 address, of IPv6 the first 64 bits, below
 * which a client has as many addresses as it likes. Borrowed from a. */
struct wims_pl wims_address_client(const struct wims_address *a);
/* A client in words: "192.0.2.1" or "2001:db8:1:2::/64", with NUL. */
void wims_client_text(char text[WIMS_CLIENT_TEXT_MAX], struct wims_pl client);

struct wims_nets;

/* text: networks "192.0.2.0/24" and addresses, commas between; may be empty. *out is
 * NULL unless WIMS_OK; the caller frees it. CONFIG_VALUE: too long, too many, no
 * address, a length that is none, or bits behind it that are set, with the reason in
 * fault (may be NULL). NOMEM. */
WIMS_MUST_CHECK enum wims_reason wims_nets_new(struct wims_nets **out, const struct wims_env *env,
											   struct wims_pl text, struct wims_fault *fault);
/* NULL is fine. */
void wims_nets_free(struct wims_nets *nets);
bool wims_nets_have(const struct wims_nets *nets, const struct wims_address *a);

#endif
