/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wims_record.h"

#include "base/wims_w.h"
#include "identity/wims_host.h"
#include "jose/wims_alg_ossl.h"

static const struct wims_pl magic = {"webrtc_ims ", 11};

bool wims_record_kind_ok(struct wims_pl kind)
{
	size_t i;

	for(i = 0; i < kind.l; i++)
		if(!wims_is_alnum(kind.p[i]) && kind.p[i] != '_' && kind.p[i] != '-' && kind.p[i] != '.')
			return false;
	/* no hidden file, none that reads as an option */
	return kind.l > 0 && kind.l <= WIMS_RECORD_KIND_MAX && wims_is_alnum(kind.p[0]);
}

/* The one spelling of a head, without its LF: what is read must be just that. */
static enum wims_reason spell(struct wims_w *w, struct wims_pl kind, struct wims_pl body)
{
	unsigned char digest[WIMS_SHA256_LEN];

	if(!wims_sha256(digest, body))
		return WIMS_CRYPTO_FAILED;
	wims_w_pl(w, magic);
	wims_w_u64(w, WIMS_RECORD_VERSION);
	wims_w_lit(w, " ");
	wims_w_pl(w, kind);
	wims_w_lit(w, " ");
	wims_w_u64(w, body.l);
	wims_w_lit(w, " ");
	wims_w_hex(w, digest, sizeof(digest));
	return w->ok ? WIMS_OK : WIMS_INTERNAL;
}

enum wims_reason wims_record_head(struct wims_buf *out, struct wims_pl kind, struct wims_pl body)
{
	char line[WIMS_RECORD_HEAD_MAX];
	struct wims_w w;
	enum wims_reason r;

	if(!wims_record_kind_ok(kind))
		return WIMS_CONFIG_VALUE;
	if(body.l > WIMS_RECORD_BODY_MAX)
		return WIMS_LIMIT_REACHED;
	wims_w_init(&w, line, sizeof(line));
	if((r = spell(&w, kind, body)) != WIMS_OK)
		return r;
	return wims_buf_add(out, wims_w_done(&w)) && wims_buf_add(out, WIMS_PL("\n")) ? WIMS_OK
																				  : WIMS_NOMEM;
}

static struct wims_pl first_line(struct wims_pl file)
{
	if(file.l > WIMS_RECORD_HEAD_MAX)
		file.l = WIMS_RECORD_HEAD_MAX;
	file.l = wims_pl_find(file, '\n');
	return file;
}

/* The next word of a head. */
static struct wims_pl take_word(struct wims_pl *line)
{
	struct wims_pl word = {line->p, wims_pl_find(*line, ' ')};

	*line = wims_pl_from(*line, word.l + 1);
	return word;
}

/* What can be told apart before the digest is made; NULL: nothing wrong. */
static const char *head_fault(struct wims_pl line, struct wims_pl kind)
{
	uint64_t version = 0;

	if(!wims_pl_starts(line, magic))
		return "is no state file";
	line = wims_pl_from(line, magic.l);
	if(!wims_pl_u64(take_word(&line), &version) || version != WIMS_RECORD_VERSION)
		return "has another version";
	return wims_pl_eq(take_word(&line), kind) ? NULL : "is of another kind";
}

enum wims_reason wims_record_body(struct wims_pl *body, struct wims_pl file, struct wims_pl kind,
								  const char **why)
{
	char buf[WIMS_RECORD_HEAD_MAX];
	struct wims_pl line = first_line(file), rest = wims_pl_from(file, line.l + 1);
	struct wims_w w;
	enum wims_reason r;

	*body = WIMS_PL_NONE;
	if((*why = head_fault(line, kind)) != NULL)
		return WIMS_CONFIG_SYNTAX;
	*why = "is too long";
	if(rest.l > WIMS_RECORD_BODY_MAX)
		return WIMS_CONFIG_VALUE;
	*why = "cannot be checked";
	wims_w_init(&w, buf, sizeof(buf));
	if((r = spell(&w, kind, rest)) != WIMS_OK)
		return r;
	*why = "is damaged";
	/* without its LF a head is cut short, and says so of an empty body too */
	if(line.l == file.l || !wims_pl_eq(line, wims_w_done(&w)))
		return WIMS_CONFIG_VALUE;
	*why = "";
	*body = rest;
	return WIMS_OK;
}
