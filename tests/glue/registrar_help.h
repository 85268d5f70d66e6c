/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef REGISTRAR_HELP_H
#define REGISTRAR_HELP_H

/* A WWSF "gw" with a range, and WICs of it, for tests of what the eP-CSCF does
 * as their registrar. */

#include "glue.h"

#define RANGE "sip:web-!.*!@ims.test"
#define IMPU "sip:web-7@ims.test"
/* of which IMPUs are allocated: sip:desk-0, sip:desk-1; and sip:vip-ann, where the token
 * has "vip":true */
#define DESKS "sip:desk-!.*!@ims.test"
#define VIPS "sip:vip-!.*!@ims.test"
#define INSTANCE ";+sip.instance=\"<urn:uuid:1>\""
#define CONTACT "Contact: <sip:w@x.invalid;transport=ws>" INSTANCE ";reg-id=1;q=0.5\n"

enum
{
	GW_REPLY_MAX = 4096,
	CONN = 21, /* of the WWSF with the range */
	OTHER_CONN = 22,
	THIRD_CONN = 23
};

/* cmocka fixtures. Two contacts are the most that an IMPU may have. */
int gw_group_setup(void **state);
int gw_group_teardown(void **state);
int gw_setup(void **state);
int gw_teardown(void **state);

struct wic
{
	uint32_t conn;
	const char *impu, *subject, *call_id;
	unsigned cseq;
	int64_t exp; /* s from now */
};
struct wic gw_wic(uint32_t conn);
/* Its REGISTER with further header lines; screened, token and identities checked. */
sip_msg_t *gw_request(const struct wic *w, const char *more);
/* The same, saved; gw_reply holds the header lines of the 200, if it is one. */
void gw_expect(const struct wic *w, const char *more, const char *reason);
extern char gw_reply[GW_REPLY_MAX];

/* So many are registered in the range, by the flow table; and usrloc has a
 * record where it is not 0. */
void gw_expect_bindings(size_t n);
/* Contacts of IMPU in usrloc. */
size_t gw_contacts(void);
/* Carries out what is due in the flow table; how many bindings ended. */
size_t gw_deregs(void);

#endif
