/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_SET_H
#define WIMS_SET_H

/* Setters for the rows of a schema, and the kinds of text that the
 * provisioning file knows. */

#include "provision/wims_schema.h"

#define WIMS_SETTER(name)                                                                    \
	enum wims_reason name(struct wims_reading *rd, const struct wims_member *m, void *field, \
						  const struct wims_json_value *v)

WIMS_SETTER(wims_set_int);      /* int64_t */
WIMS_SETTER(wims_set_milli);    /* int64_t, seconds in the file, ms in the field */
WIMS_SETTER(wims_set_bool);     /* bool */
WIMS_SETTER(wims_set_text);     /* struct wims_pl, of kind m->text */
WIMS_SETTER(wims_set_texts);    /* struct wims_pl_list, each of kind m->text */
WIMS_SETTER(wims_set_borrowed); /* const struct wims_json_value * */

/* One string of a kind, in canonical form, kept. v must be a string. */
WIMS_MUST_CHECK enum wims_reason wims_text_take(struct wims_reading *rd,
												const struct wims_text_kind *kind,
												struct wims_pl *out,
												const struct wims_json_value *v);

/* The same for a text that is no value, as the name of a member. */
WIMS_MUST_CHECK enum wims_reason wims_text_keep(struct wims_reading *rd,
												const struct wims_text_kind *kind,
												struct wims_pl *out, struct wims_pl text);

extern const struct wims_text_kind wims_text_name;      /* of a WWSF */
extern const struct wims_text_kind wims_text_host;      /* domain name */
extern const struct wims_text_kind wims_text_printable; /* issuer, audience, file name */
extern const struct wims_text_kind wims_text_claim;     /* claim name or path */
extern const struct wims_text_kind wims_text_param;     /* conveyed in Authorization */
extern const struct wims_text_kind wims_text_realm;
extern const struct wims_text_kind wims_text_https;
extern const struct wims_text_kind wims_text_scope;
extern const struct wims_text_kind wims_text_typ;
extern const struct wims_text_kind wims_text_origin;
extern const struct wims_text_kind wims_text_kid;
extern const struct wims_text_kind wims_text_pem;
extern const struct wims_text_kind wims_text_impu; /* distinct */

#endif
