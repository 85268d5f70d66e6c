/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_XML_H
#define WIMS_XML_H

/* XML with namespaces, read only, one whole document at a time. The one door
 * to the XML library. A document type declaration is refused, and with it each
 * entity but the five of XML: RFC 3680 5.3 wants none, and entities are how a
 * short document grows. */

#include "base/wims_env.h"
#include "base/wims_reason.h"

enum
{
	WIMS_XML_DEPTH_MAX = 16,     /* nested elements */
	WIMS_XML_ATTRIBUTES_MAX = 32 /* of one element */
};

/* Slices are valid while `open` runs. */
struct wims_xml_element
{
	struct wims_pl space; /* namespace URI; empty: none */
	struct wims_pl name;  /* without prefix */
	const char *const *attributes;
};

/* Value of an attribute that has no namespace; false: it is not there. */
bool wims_xml_attribute(const struct wims_xml_element *e, const char *name, struct wims_pl *value);

/* What is told of a document, in its order. Anything but WIMS_OK ends the
 * reading with that outcome. Text may come in parts. */
struct wims_xml_reader
{
	enum wims_reason (*open)(void *ctx, const struct wims_xml_element *e);
	enum wims_reason (*text)(void *ctx, struct wims_pl text);
	enum wims_reason (*close)(void *ctx);
};

/* max: cap for this kind of document. BODY_TOO_LONG (over it, or over a limit
 * above), BODY_XML (not well formed, or with a document type), NOMEM, or what
 * the reader said. What was told before a failure was told for nothing: act
 * on WIMS_OK alone. One thread of a process only. */
WIMS_MUST_CHECK enum wims_reason wims_xml_read(const struct wims_env *env, struct wims_pl text,
											   size_t max, const struct wims_xml_reader *reader,
											   void *ctx);

#endif
