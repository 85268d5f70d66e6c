/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WIMS_PROVISION_H
#define WIMS_PROVISION_H

/* The provisioning file: one JSON object, version 1, all WWSFs of this
 * eP-CSCF. Read whole or not at all. */

#include "provision/wims_wwsf.h"
#include "range/wims_ranges.h"

enum
{
	WIMS_WWSFS_MAX = 256,
	WIMS_ISSUERS_MAX = 8,        /* each WWSF */
	WIMS_AUDIENCES_MAX = 8,      /* each WWSF */
	WIMS_TYPS_MAX = 8,           /* each WWSF */
	WIMS_WWSF_IDS_MAX = 8,       /* each WWSF */
	WIMS_ORIGINS_MAX = 64,       /* each WWSF */
	WIMS_IDENTITIES_MAX = 10000, /* IMPUs, IMPIs of each WWSF */
	WIMS_CONFIG_STRING_MAX = 512
};

struct wims_provision;

/* What is wrong and where: a JSON path ("$.wwsf[1].issuer") and what is
 * allowed there. For one log line; never holds key material. */
struct wims_config_fault
{
	char path[160];
	char text[240];
};

/* Key files named in the provisioning are read by the caller: the library
 * does no I/O. Fills buf, sets *len; false when the file cannot be read or is
 * larger than size. why gets a short reason. */
struct wims_file_reader
{
	void *ctx;
	bool (*read)(void *ctx, struct wims_pl path, char *buf, size_t size, size_t *len, char *why,
				 size_t why_size);
};

/* *out is NULL unless WIMS_OK; otherwise a CONFIG_ reason or NOMEM and fault
 * says where. The caller frees. */
WIMS_MUST_CHECK enum wims_reason
wims_provision_parse(struct wims_provision **out, const struct wims_env *env, struct wims_pl json,
					 const struct wims_file_reader *reader, struct wims_config_fault *fault);
void wims_provision_free(struct wims_provision *pv);

size_t wims_provision_count(const struct wims_provision *pv);
/* Borrowed from pv, in file order; NULL past the end. */
const struct wims_wwsf *wims_provision_at(const struct wims_provision *pv, size_t i);
const struct wims_wwsf *wims_provision_by_name(const struct wims_provision *pv,
											   struct wims_pl name);
/* Exact match; an issuer belongs to one WWSF only. */
const struct wims_wwsf *wims_provision_by_issuer(const struct wims_provision *pv,
												 struct wims_pl issuer);
/* Exact match after RFC 6454 serialisation (scheme and host lower case, no
 * default port); "null", empty and malformed match nobody. An Origin belongs
 * to one WWSF only. */
const struct wims_wwsf *wims_provision_by_origin(const struct wims_provision *pv,
												 struct wims_pl origin);
/* --- whose is an identity? --- */

/* Builds the set of all IMPUs and ranges of all WWSFs, with memory of env; NULL
 * and WIMS_OK when no WWSF has scenario "pool" or "range". The same set serves
 * every provisioning that was read from the same bytes. CONFIG_VALUE,
 * CONFIG_OVERLAP, LIMIT_REACHED or NOMEM; fault has path and text then. The
 * caller frees. */
WIMS_MUST_CHECK enum wims_reason wims_provision_ranges(struct wims_ranges **out,
													   const struct wims_env *env,
													   const struct wims_provision *pv,
													   struct wims_config_fault *fault);
/* pv looks up in set from now on, which must stay as long; NULL is fine. Until
 * then nothing is in a range. False: no memory. */
WIMS_MUST_CHECK bool wims_provision_use(struct wims_provision *pv, const struct wims_ranges *set);

/* Whose an IMPU is. */
struct wims_owned
{
	const struct wims_wwsf *wwsf;
	const struct wims_wwsf_range *range; /* NULL: it is in "impus" */
};

/* Of the ranges and the entries of "impus" that a canonical IMPU is in, the most
 * specific one (wims_ranges.h). False: nobody's, or pv has no set. */
WIMS_MUST_CHECK bool wims_provision_owner(const struct wims_provision *pv, struct wims_pl impu,
										  struct wims_owned *out);

/* Has pv a set to look up in? */
bool wims_provision_has_ranges(const struct wims_provision *pv);

/* May a token of this WWSF name that identity? Not an IMPU of a range that is allocated.
 * Canonical IMPU / IMPI text. */
bool wims_wwsf_owns_impu(const struct wims_wwsf *w, struct wims_pl impu);
bool wims_wwsf_owns_impi(const struct wims_wwsf *w, struct wims_pl impi);
/* The range of that WWSF that a canonical IMPU is in; NULL: none, or it is in
 * "impus", more specifically. */
const struct wims_wwsf_range *wims_wwsf_range_of(const struct wims_wwsf *w, struct wims_pl impu);
/* Is the eP-CSCF the registrar of what is in it? NULL is fine. */
bool wims_range_registered(const struct wims_wwsf_range *range);

#endif
