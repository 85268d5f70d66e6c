/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* The life of a message: comes in, is changed by lumps, leaves. */

#include "glue.h"

#include "core/data_lump.h"
#include "core/data_lump_rpl.h"
#include "core/dset.h"
#include "core/forward.h"
#include "core/name_alias.h"
#include "core/parser/parse_rr.h"
#include "core/parser/parse_via.h"
#include "ksr_int.h"

sip_msg_t *ksr_msg_bytes(int proto, uint32_t conn, const char *text, size_t len)
{
	static unsigned int id;
	sip_msg_t *msg = calloc(1, sizeof(*msg));

	assert_non_null(msg);
	msg->buf = malloc(len);
	assert_non_null(msg->buf);
	memcpy(msg->buf, text, len);
	msg->len = (unsigned)len;
	msg->id = ++id;
	msg->pid = 1;
	msg->rcv.proto = (char)proto;
	msg->rcv.proto_reserved1 = (int)conn;
	msg->rcv.bind_address = ksr_socket();
	ksr_first_line(msg);
	return msg;
}

sip_msg_t *ksr_msg(int proto, uint32_t conn, const char *text)
{
	static char crlf[KSR_TEXT_MAX];
	size_t n = 0;

	for(; *text != '\0'; text++) {
		assert_true(n + 2 < sizeof(crlf));
		if(*text == '\n')
			crlf[n++] = '\r';
		crlf[n++] = *text;
	}
	return ksr_msg_bytes(proto, conn, crlf, n);
}

static void free_headers(sip_msg_t *msg)
{
	while(msg->headers != NULL) {
		hdr_field_t *h = msg->headers;
		rr_t *routes = h->type == HDR_ROUTE_T ? h->parsed : NULL;

		if(h->type == HDR_VIA_T && h->parsed != NULL)
			free(((struct via_body *)h->parsed)->branch);
		if(h->type == HDR_ROUTE_T)
			free_rr(&routes);
		else
			free(h->parsed);
		msg->headers = h->next;
		free(h);
	}
}

static void free_lumps(struct lump *l)
{
	while(l != NULL) {
		struct lump *next = l->next;

		while(l->before != NULL) {
			struct lump *add = l->before;

			l->before = add->before;
			pkg_free(add->u.value);
			pkg_free(add);
		}
		pkg_free(l);
		l = next;
	}
}

void ksr_msg_free(sip_msg_t *msg)
{
	ksr_branches_reset();
	free_headers(msg);
	free_lumps(msg->add_rm);
	while(msg->reply_lump != NULL) {
		struct lump_rpl *next = msg->reply_lump->next;

		pkg_free(msg->reply_lump->text.s);
		pkg_free(msg->reply_lump);
		msg->reply_lump = next;
	}
	pkg_free(msg->new_uri.s);
	pkg_free(msg->dst_uri.s);
	pkg_free(msg->path_vec.s);
	free(msg->buf);
	free(msg);
}

/* ---- changes ---- */

static struct lump *place_lump(sip_msg_t *msg, int offset, int len, enum lump_op op)
{
	struct lump **at = &msg->add_rm, *l;

	if(offset < 0 || offset > (int)msg->len || (l = pkg_malloc(sizeof(*l))) == NULL)
		return NULL;
	memset(l, 0, sizeof(*l));
	l->op = op;
	l->u.offset = offset;
	l->len = len;
	while(*at != NULL && (*at)->u.offset <= offset)
		at = &(*at)->next;
	l->next = *at;
	*at = l;
	return l;
}

struct lump *del_lump(sip_msg_t *msg, int offset, int len, hdr_types_t type)
{
	return place_lump(msg, offset, len, LUMP_DEL);
}

struct lump *anchor_lump(sip_msg_t *msg, int offset, int len, hdr_types_t type)
{
	return place_lump(msg, offset, len, LUMP_NOP);
}

struct lump *insert_new_lump_before(struct lump *before, char *text, int len, hdr_types_t type)
{
	struct lump *l = pkg_malloc(sizeof(*l));

	if(l == NULL)
		return NULL;
	memset(l, 0, sizeof(*l));
	l->op = LUMP_ADD;
	l->u.value = text;
	l->len = len;
	l->before = before->before;
	before->before = l;
	return l;
}

struct lump_rpl **add_lump_rpl2(sip_msg_t *msg, char *text, int len, int flags)
{
	struct lump_rpl **at = &msg->reply_lump;
	struct lump_rpl *l = pkg_malloc(sizeof(*l));
	char *copy = pkg_malloc((size_t)len);

	if(l == NULL || copy == NULL) {
		pkg_free(l);
		pkg_free(copy);
		return NULL;
	}
	memcpy(copy, text, (size_t)len);
	*l = (struct lump_rpl){.text = {copy, len}};
	while(*at != NULL)
		at = &(*at)->next;
	*at = l;
	return at;
}

static int replace(str *to, const str *uri)
{
	char *copy = pkg_malloc((size_t)uri->len + 1);

	if(copy == NULL)
		return -1;
	memcpy(copy, uri->s, (size_t)uri->len);
	pkg_free(to->s);
	*to = (str){copy, uri->len};
	return 1;
}

int set_dst_uri(sip_msg_t *const msg, const str *const uri)
{
	return replace(&msg->dst_uri, uri);
}

int rewrite_uri(sip_msg_t *msg, str *uri)
{
	return replace(&msg->new_uri, uri);
}

int set_path_vector(sip_msg_t *msg, str *path)
{
	return replace(&msg->path_vec, path) > 0 ? 0 : -1;
}

/* ---- branches ---- */

enum
{
	BRANCHES = 40
};

size_t ksr_branches_max = BRANCHES;
static struct
{
	char uri[256], path[256];
	int q;
} branches[BRANCHES];
static size_t n_branches;
static int ruri_q;

void ksr_branches_reset(void)
{
	n_branches = 0;
	ksr_branches_max = BRANCHES;
	ruri_q = -1;
}

void set_ruri_q(qvalue_t q)
{
	ruri_q = q;
}

int append_branch(sip_msg_t *msg, str *uri, str *dst_uri, str *path, qvalue_t q, unsigned int flags,
				  struct socket_info *sock, str *instance, unsigned int reg_id, str *ruid, str *ua)
{
	if(n_branches == ksr_branches_max)
		return -1;
	snprintf(branches[n_branches].uri, sizeof(branches[0].uri), "%.*s", uri->len, uri->s);
	snprintf(branches[n_branches].path, sizeof(branches[0].path), "%.*s",
			 path == NULL ? 0 : path->len, path == NULL ? "" : path->s);
	branches[n_branches++].q = q;
	return 1;
}

static int show_branch(char *to, size_t size, str uri, str path, int q)
{
	return snprintf(to, size, "%.*s q=%d%s%.*s\n", STR_FMT(&uri), q, path.len > 0 ? " over " : "",
					STR_FMT(&path));
}

const char *ksr_branches(const sip_msg_t *msg)
{
	static char text[KSR_TEXT_MAX];
	int n = show_branch(text, sizeof(text), msg->new_uri, msg->path_vec, ruri_q);
	size_t i;

	for(i = 0; i < n_branches; i++)
		n += show_branch(text + n, sizeof(text) - (size_t)n,
						 (str){branches[i].uri, (int)strlen(branches[i].uri)},
						 (str){branches[i].path, (int)strlen(branches[i].path)}, branches[i].q);
	return text;
}

/* ---- as it leaves ---- */

struct out
{
	char text[KSR_TEXT_MAX];
	size_t used;
};

static void emit(struct out *o, const char *s, size_t n)
{
	size_t i;

	for(i = 0; i < n; i++)
		if(s[i] != '\r') {
			assert_true(o->used + 1 < sizeof(o->text));
			o->text[o->used++] = s[i];
		}
	o->text[o->used] = '\0';
}

static void emit_first_line(struct out *o, const sip_msg_t *msg, size_t *at)
{
	const str *uri = &msg->first_line.u.request.uri;

	if(msg->first_line.type == SIP_REPLY || msg->new_uri.len == 0)
		return;
	emit(o, msg->buf, (size_t)(uri->s - msg->buf));
	emit(o, msg->new_uri.s, (size_t)msg->new_uri.len);
	*at = (size_t)(uri->s - msg->buf + uri->len);
}

const char *ksr_out(const sip_msg_t *msg)
{
	static struct out o;
	const struct lump *l, *add;
	size_t at = 0;

	o.used = 0;
	emit_first_line(&o, msg, &at);
	for(l = msg->add_rm; l != NULL; l = l->next) {
		size_t offset = (size_t)l->u.offset;

		if(offset < at)
			fail_msg("changes of the message overlap at byte %zu", offset);
		emit(&o, msg->buf + at, offset - at);
		for(add = l->before; add != NULL; add = add->before)
			emit(&o, add->u.value, (size_t)add->len);
		at = offset + (l->op == LUMP_DEL ? (size_t)l->len : 0);
	}
	emit(&o, msg->buf + at, msg->len - at);
	return o.text;
}

const char *ksr_reply_lines(const sip_msg_t *msg)
{
	static struct out o;
	const struct lump_rpl *l;

	o.used = 0;
	o.text[0] = '\0';
	for(l = msg->reply_lump; l != NULL; l = l->next)
		emit(&o, l->text.s, (size_t)l->text.len);
	return o.text;
}

struct host_alias *aliases;

void ksr_aliases_reset(void)
{
	while(aliases != NULL) {
		struct host_alias *a = aliases;

		aliases = a->next;
		pkg_free(a->alias.s);
		pkg_free(a);
	}
}

/* "listen" and "alias" */
int check_self(str *host, unsigned short port, unsigned short proto)
{
	return host->len == 9 && strncmp(host->s, "edge.test", 9) == 0;
}
