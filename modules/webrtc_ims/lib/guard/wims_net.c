/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guard/wims_net.h"

#include <string.h>

#include <arpa/inet.h>

enum
{
	V4 = 4,
	V6 = 16,
	CLIENT_V6 = 8
};

struct net
{
	struct wims_address base;
	unsigned bits;
};

struct wims_nets
{
	const struct wims_env *env;
	size_t count;
	struct net at[WIMS_NETS_MAX];
};

struct wims_address wims_address_of(const void *bytes, size_t n)
{
	static const unsigned char mapped[V6 - V4] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	struct wims_address a = {.l = 0};
	const unsigned char *from = bytes;

	if(n != V4 && n != V6)
		return a;
	if(n == V6 && memcmp(from, mapped, sizeof(mapped)) == 0) {
		from += sizeof(mapped);
		n = V4;
	}
	memcpy(a.bytes, from, n);
	a.l = n;
	return a;
}

bool wims_address_parse(struct wims_address *a, struct wims_pl text)
{
	char copy[INET6_ADDRSTRLEN];
	unsigned char raw[V6];

	*a = (struct wims_address){.l = 0};
	/* inet_pton stops at a NUL, the slice does not */
	if(text.l >= sizeof(copy) || wims_pl_find(text, '\0') < text.l)
		return false;
	memcpy(copy, text.p, text.l);
	copy[text.l] = '\0';
	if(inet_pton(AF_INET, copy, raw) == 1)
		*a = wims_address_of(raw, V4);
	else if(inet_pton(AF_INET6, copy, raw) == 1)
		*a = wims_address_of(raw, V6);
	return a->l > 0;
}

struct wims_pl wims_address_client(const struct wims_address *a)
{
	return (struct wims_pl){(const char *)a->bytes, a->l == V6 ? CLIENT_V6 : a->l};
}

void wims_client_text(char text[WIMS_CLIENT_TEXT_MAX], struct wims_pl client)
{
	unsigned char raw[V6] = {0};
	size_t l;

	text[0] = '\0';
	if(client.l != V4 && client.l != CLIENT_V6)
		return;
	memcpy(raw, client.p, client.l);
	if(inet_ntop(client.l == V4 ? AF_INET : AF_INET6, raw, text, WIMS_CLIENT_TEXT_MAX) == NULL
	   || client.l == V4)
		return;
	l = strlen(text);
	memcpy(text + l, "/64", sizeof("/64"));
}

/* Do the first bits of both agree? */
static bool agree(const unsigned char *a, const unsigned char *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	return memcmp(a, b, whole) == 0 && (rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0);
}

/* A host with a network's length is most often a slip of the pen. */
static bool is_base(const struct net *n)
{
	static const unsigned char none[WIMS_ADDRESS_MAX];
	struct net cut = *n;
	unsigned whole = n->bits / 8, rest = n->bits % 8;

	memset(cut.base.bytes, 0, whole);
	if(rest > 0)
		cut.base.bytes[whole] = (unsigned char)(cut.base.bytes[whole] << rest);
	return memcmp(cut.base.bytes, none, cut.base.l) == 0;
}

static const char *parse(struct net *n, struct wims_pl text)
{
	size_t slash = wims_pl_find(text, '/');
	uint64_t bits;

	if(!wims_address_parse(&n->base, (struct wims_pl){text.p, slash}))
		return "no address";
	n->bits = (unsigned)n->base.l * 8;
	if(slash == text.l)
		return NULL;
	if(!wims_pl_u64(wims_pl_from(text, slash + 1), &bits) || bits > n->bits)
		return "no length of a network";
	n->bits = (unsigned)bits;
	return is_base(n) ? NULL : "bits behind the length are set";
}

static const char *add(struct wims_nets *nets, struct wims_pl text)
{
	if(nets->count == WIMS_NETS_MAX)
		return "too many networks, from here on";
	return parse(&nets->at[nets->count++], text);
}

/* All of the list; *item: where it stopped. */
static const char *add_all(struct wims_nets *nets, struct wims_pl text, struct wims_pl *item)
{
	struct wims_pl rest = text;
	const char *fault = NULL;

	*item = WIMS_PL_NONE;
	if(text.l > WIMS_NETS_TEXT_MAX)
		return "too long";
	while(fault == NULL && wims_pl_trim(rest).l > 0) {
		(void)wims_pl_part(&rest, item);
		*item = wims_pl_trim(*item);
		fault = add(nets, *item);
	}
	return fault;
}

enum wims_reason wims_nets_new(struct wims_nets **out, const struct wims_env *env,
							   struct wims_pl text, struct wims_fault *fault)
{
	struct wims_nets *nets = wims_zalloc(env, sizeof(*nets));
	struct wims_pl item;
	const char *why;

	*out = NULL;
	if(nets == NULL)
		return WIMS_NOMEM;
	nets->env = env;
	if((why = add_all(nets, text, &item)) != NULL) {
		wims_fault_set(fault, wims_pl_str(why), item);
		wims_nets_free(nets);
		return WIMS_CONFIG_VALUE;
	}
	*out = nets;
	return WIMS_OK;
}

void wims_nets_free(struct wims_nets *nets)
{
	if(nets != NULL)
		wims_free(nets->env, nets);
}

bool wims_nets_have(const struct wims_nets *nets, const struct wims_address *a)
{
	size_t i;

	for(i = 0; i < nets->count; i++) {
		const struct net *n = &nets->at[i];

		if(n->base.l == a->l && agree(n->base.bytes, a->bytes, n->bits))
			return true;
	}
	return false;
}
