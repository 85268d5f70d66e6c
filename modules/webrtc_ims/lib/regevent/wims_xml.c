/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "regevent/wims_xml.h"

#include <string.h>

#include <expat.h>

enum
{
	/* between namespace and name; a namespace that holds it is refused by the library */
	SEPARATOR = '\n'
};

/* --- the library's memory ---
 *
 * Its hooks know neither whose memory it is nor how large a block was, so each
 * block says both, and documents are read by one thread of a process only. */

struct block
{
	const struct wims_env *env;
	size_t n;
	_Alignas(max_align_t) char bytes[];
};

static const struct wims_env *memory;

static void *block_alloc(size_t n)
{
	struct block *b = NULL;

	if(n <= SIZE_MAX - sizeof(*b))
		b = memory->alloc(memory->ctx, sizeof(*b) + n);
	if(b == NULL)
		return NULL;
	b->env = memory;
	b->n = n;
	return b->bytes;
}

static void block_free(void *p)
{
	struct block *b;

	if(p == NULL)
		return;
	b = (struct block *)(void *)((char *)p - offsetof(struct block, bytes));
	wims_free(b->env, b);
}

static void *block_realloc(void *p, size_t n)
{
	const struct block *old;
	void *fresh = block_alloc(n);

	if(fresh == NULL || p == NULL)
		return fresh;
	old = (const struct block *)(void *)((char *)p - offsetof(struct block, bytes));
	memcpy(fresh, p, old->n < n ? old->n : n);
	block_free(p);
	return fresh;
}

/* --- one document --- */

struct reading
{
	XML_Parser parser;
	const struct wims_xml_reader *reader;
	void *ctx;
	size_t depth;
	enum wims_reason why; /* OK: go on */
};

/* The library may call once more after it was told to stop. */
static void stop(struct reading *r, enum wims_reason why)
{
	if(why == WIMS_OK || r->why != WIMS_OK)
		return;
	r->why = why;
	(void)XML_StopParser(r->parser, XML_FALSE);
}

static size_t count_attributes(const XML_Char **attributes)
{
	size_t n = 0;

	while(attributes[n] != NULL)
		n += 2;
	return n / 2;
}

static struct wims_xml_element element_of(const XML_Char *name, const XML_Char **attributes)
{
	struct wims_xml_element e = {.name = wims_pl_str(name), .attributes = attributes};
	size_t at = wims_pl_find(e.name, SEPARATOR);

	if(at < e.name.l) {
		e.space = (struct wims_pl){name, at};
		e.name = wims_pl_from(e.name, at + 1);
	}
	return e;
}

static void XMLCALL on_open(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *r = ctx;
	struct wims_xml_element e = element_of(name, attributes);

	if(r->why != WIMS_OK)
		return;
	if(++r->depth > WIMS_XML_DEPTH_MAX || count_attributes(attributes) > WIMS_XML_ATTRIBUTES_MAX)
		stop(r, WIMS_BODY_TOO_LONG);
	else
		stop(r, r->reader->open(r->ctx, &e));
}

static void XMLCALL on_close(void *ctx, const XML_Char *name)
{
	struct reading *r = ctx;

	(void)name;
	if(r->why != WIMS_OK)
		return;
	r->depth--;
	stop(r, r->reader->close(r->ctx));
}

static void XMLCALL on_text(void *ctx, const XML_Char *text, int n)
{
	struct reading *r = ctx;

	if(r->why == WIMS_OK)
		stop(r, r->reader->text(r->ctx, (struct wims_pl){text, (size_t)n}));
}

static void XMLCALL on_doctype(void *ctx, const XML_Char *name, const XML_Char *system,
							   const XML_Char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	stop(ctx, WIMS_BODY_XML);
}

static enum wims_reason judge(const struct reading *r, enum XML_Status status)
{
	if(r->why != WIMS_OK)
		return r->why;
	if(status == XML_STATUS_OK)
		return WIMS_OK;
	return XML_GetErrorCode(r->parser) == XML_ERROR_NO_MEMORY ? WIMS_NOMEM : WIMS_BODY_XML;
}

bool wims_xml_attribute(const struct wims_xml_element *e, const char *name, struct wims_pl *value)
{
	const char *const *a;

	for(a = e->attributes; *a != NULL; a += 2) {
		if(strcmp(a[0], name) == 0) {
			*value = wims_pl_str(a[1]);
			return true;
		}
	}
	*value = WIMS_PL_NONE;
	return false;
}

enum wims_reason wims_xml_read(const struct wims_env *env, struct wims_pl text, size_t max,
							   const struct wims_xml_reader *reader, void *ctx)
{
	static const XML_Memory_Handling_Suite suite = {block_alloc, block_realloc, block_free};
	static const XML_Char separator[] = {SEPARATOR, '\0'};
	struct reading r = {.reader = reader, .ctx = ctx};
	enum wims_reason why;

	if(text.l > max || text.l > INT32_MAX)
		return WIMS_BODY_TOO_LONG;
	memory = env;
	r.parser = XML_ParserCreate_MM(NULL, &suite, separator);
	if(r.parser == NULL)
		return WIMS_NOMEM;
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_open, on_close);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	why = judge(&r, XML_Parse(r.parser, text.l == 0 ? "" : text.p, (int)text.l, 1));
	XML_ParserFree(r.parser);
	return why;
}
