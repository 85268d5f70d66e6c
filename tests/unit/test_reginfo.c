/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "regevent/wims_reginfo.h"
#include "scarce.h"
#include "sweep.h"

#define OPEN                                                                     \
	"<?xml version=\"1.0\"?>\n<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\"" \
	" xmlns:ere=\"urn:3gpp:ns:extRegExp:1.0\" version=\"7\" state=\"full\">\n"
#define CLOSE "</reginfo>\n"
#define BOB "<registration aor=\"sip:bob@ims.test\" id=\"b\" state=\"active\"/>"
#define WILDCARD(text) "<ere:wildcardedIdentity>" text "</ere:wildcardedIdentity>"
#define CONTACT(event, uri) \
	"<contact id=\"1\" state=\"active\" event=\"" event "\"><uri>" uri "</uri></contact>"

/* What was told, a line each. */
struct told
{
	char text[8192];
	size_t length;
};

static void tell(void *ctx, const struct wims_reginfo_news *n)
{
	struct told *t = ctx;
	int used =
			snprintf(t->text + t->length, sizeof(t->text) - t->length,
					 "%.*s %.*s %s %s %s %d %d %.*s\n", (int)n->aor.l, n->aor.p, (int)n->wildcard.l,
					 n->wildcard.p, wims_reginfo_state_text(n->state),
					 wims_reginfo_state_text(n->contact_state), wims_reginfo_event_text(n->event),
					 (int)n->expires, (int)n->retry_after, (int)n->contact.l, n->contact.p);

	assert_in_range(used, 1, sizeof(t->text) - t->length - 1);
	t->length += (size_t)used;
}

static struct wims_reginfo *good(struct wims_pl text)
{
	struct wims_reginfo *doc = NULL;

	assert_int_equal(wims_reginfo_parse(&doc, &wims_env_libc, text), WIMS_OK);
	assert_non_null(doc);
	return doc;
}

/* Parses, and holds what is told against want. */
static void expect(const char *text, const char *want)
{
	struct told t = {0};
	struct wims_reginfo *doc = good(wims_pl_str(text));

	wims_reginfo_each(doc, tell, &t);
	assert_string_equal(t.text, want);
	wims_reginfo_free(doc);
}

static void refused(struct wims_pl text, enum wims_reason want)
{
	struct wims_reginfo *doc = (struct wims_reginfo *)&text;
	enum wims_reason r = wims_reginfo_parse(&doc, &wims_env_libc, text);

	if(r != want || doc != NULL)
		fail_msg("%s, not %s: %.*s", wims_reason_text(r), wims_reason_text(want), (int)text.l,
				 text.p);
}

/* RFC 3680 5.4.2, and what an S-CSCF adds. */
static const char whole[] = OPEN
		"<registration aor=\"sip:Alice@IMS.test;x=1\" id=\"a7\" state=\"active\">\n"
		" <contact id=\"76\" state=\"active\" event=\"registered\" duration-registered=\"7322\""
		" q=\"0.8\" expires=\"3600\" gr:extra=\"x\" xmlns:gr=\"urn:ietf:params:xml:ns:gruuinfo\">\n"
		"  <uri>\n sip:ab12@127.0.0.1:5060;transport=tcp \n</uri>\n"
		"  <unknown-param name=\"+sip.instance\">\"&lt;urn:uuid:1&gt;\"</unknown-param>\n"
		"  <gr:pub-gruu uri=\"sip:x\"><uri xmlns=\"urn:ietf:params:xml:ns:reginfo\">sip:no"
		"</uri></gr:pub-gruu>\n"
		" </contact>\n"
		" <contact id=\"77\" state=\"terminated\" event=\"probation\" retry-after=\"10\">"
		"<uri>sip:a&amp;b@h</uri></contact>\n"
		"</registration>\n"
		"<!-- more --><?pi of somebody?>"
		"<registration aor=\"tel:+1-555-0001\" id=\"a8\" state=\"init\"></registration>\n"
		"<registration aor=\"sip:pool%31@ims.test\" id=\"a9\" state=\"terminated\">\n"
		" <contact id=\"78\" state=\"terminated\" event=\"deactivated\" expires=\"0\"/>\n"
		"</registration>\n"
		"<other:registration xmlns:other=\"urn:other\" aor=\"sip:o@ims.test\" state=\"active\"/>"
		"<ere:registration aor=\"sip:o@ims.test\" state=\"active\"/>" CLOSE;

static void test_whole(void **state)
{
	struct wims_reginfo *doc = good(wims_pl_str(whole));

	(void)state;
	assert_int_equal(wims_reginfo_version(doc), 7);
	assert_true(wims_reginfo_is_full(doc));
	wims_reginfo_free(doc);
	expect(whole, "sip:Alice@ims.test  active active registered 3600 -1"
				  " sip:ab12@127.0.0.1:5060;transport=tcp\n"
				  "sip:Alice@ims.test  active terminated probation -1 10 sip:a&b@h\n"
				  "tel:+15550001  init none none -1 -1 \n"
				  "sip:pool1@ims.test  terminated terminated deactivated 0 -1 \n");
}

static void test_partial(void **state)
{
	struct wims_reginfo *doc = good(WIMS_PL("<r:reginfo xmlns:r='urn:ietf:params:xml:ns:reginfo'"
											" state='partial' version='4294967295'/>"));

	(void)state;
	assert_int_equal(wims_reginfo_version(doc), UINT32_MAX);
	assert_false(wims_reginfo_is_full(doc));
	wims_reginfo_free(doc);
}

/* TS 24.229 7.10.2.1: the aor beside a wildcard has no rights of its own. */
static void test_wildcard(void **state)
{
	(void)state;
	expect(OPEN "<registration aor=\"sip:any1@ims.test\" id=\"a\" state=\"active\">" CONTACT(
				   "created", "sip:c@h") "<ere:wildcardedIdentity>\n sip:any!.*!@ims.test\n"
										 "</ere:wildcardedIdentity></registration>" CLOSE,
		   " sip:any!.*!@ims.test active active created -1 -1 sip:c@h\n");
	expect(OPEN "<registration aor=\"not an identity\" id=\"a\" state=\"terminated\">" WILDCARD(
				   "sip:r-!%5B0-9%5D%7B3%7D!@h") "</registration>" CLOSE,
		   " sip:r-!%5B0-9%5D%7B3%7D!@h terminated none none -1 -1 \n");
	expect(OPEN "<registration aor=\"sip:r1@h\" id=\"a\" state=\"active\">" WILDCARD(
				   "sip:r!a&amp;<![CDATA[b|c]]>!@h") "</registration>" CLOSE,
		   " sip:r!a&b|c!@h active none none -1 -1 \n");
	/* an S-CSCF that knows no wildcards has one as an ordinary identity */
	expect(OPEN "<registration aor=\" sip:r3-![0-9]{3}!@h \" id=\"a\" state=\"active\"/>" CLOSE,
		   " sip:r3-![0-9]{3}!@h active none none -1 -1 \n");
	/* the last one counts, also when it is none */
	expect(OPEN
		   "<registration aor=\"sip:r!.*!@h\" id=\"a\" state=\"active\">" WILDCARD("sip:a!.*!@h")
				   WILDCARD("sip:b!.*!@h") "</registration>" CLOSE,
		   " sip:b!.*!@h active none none -1 -1 \n");
}

static void test_passed_over(void **state)
{
	static const char *const nobody[] = {
			"<registration aor=\"mailto:a@b\" id=\"a\" state=\"active\"/>",
			"<registration aor=\"sip:\xc3\xa9@h\" id=\"a\" state=\"active\"/>",
			"<registration aor=\"\" id=\"a\" state=\"active\"/>",
			"<registration aor=\"sip:a@h\" id=\"a\" state=\"active\">" WILDCARD(
					"sip:a@h") "</registration>",
			"<registration aor=\"sip:a!.*!@h\" id=\"a\" state=\"active\">" WILDCARD(
					"") "</registration>",
			"<registration aor=\"sip:a!.*!@h\" id=\"a\" state=\"active\">" WILDCARD(
					"sip:a!. *!@h") "</registration>",
			"<registration aor=\"sip:a!.*!@h\" id=\"a\" state=\"active\">" WILDCARD(
					"sip:a!.*!@h&gt;") "</registration>",
			"<registration aor=\"sip:a!.*!@h\" id=\"a\" state=\"active\">" WILDCARD(
					"sip:a!\xc3\xa9!@h") "</registration>",
	};
	char text[1024];
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++) {
		snprintf(text, sizeof(text), "%s%s%s%s", OPEN, nobody[i], BOB, CLOSE);
		expect(text, "sip:bob@ims.test  active none none -1 -1 \n");
	}
}

/* A Contact that is no URI is told of without it: it is written into a log. */
static void test_contact_lines(void **state)
{
	static const char *const bad[] = {"sip:a@h&#10;ALERT", "sip:a@h&#13;",   "sip:a@h&gt;",
									  "sip:a b@h",         "sip:\xc3\xa9@h", "sip:a&#9;@h",
									  "sip:a@h&#127;x"};
	char text[1024];
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text),
				 "%s<registration aor=\"sip:bob@ims.test\" id=\"b\" state=\"active\">" CONTACT(
						 "created", "%s") "</registration>%s",
				 OPEN, bad[i], CLOSE);
		expect(text, strcmp(bad[i], "sip:a@h&#13;") == 0
							 ? "sip:bob@ims.test  active active created -1 -1 sip:a@h\n"
							 : "sip:bob@ims.test  active active created -1 -1 \n");
	}
}

#define ROOT(attributes) "<reginfo xmlns='urn:ietf:params:xml:ns:reginfo' " attributes "/>"
#define IN(element) OPEN BOB element CLOSE
#define CONTACT_WITH(attributes) \
	IN("<registration aor='sip:a@h' state='active'><contact " attributes "/></registration>")

/* clang-format off */
static const struct { const char *text; enum wims_reason want; } bad[] = {
	{"", WIMS_BODY_XML},
	{"no XML", WIMS_BODY_XML},
	{OPEN BOB, WIMS_BODY_XML},
	{OPEN BOB CLOSE "x", WIMS_BODY_XML},
	{OPEN BOB CLOSE "<a/>", WIMS_BODY_XML},
	{OPEN BOB "</x>", WIMS_BODY_XML},
	{IN("&amp"), WIMS_BODY_XML},
	{IN("&nbsp;"), WIMS_BODY_XML},
	{IN("<x a='1' a='2'/>"), WIMS_BODY_XML},
	{IN("<unbound:x/>"), WIMS_BODY_XML},
	{IN("\x01"), WIMS_BODY_XML},
	{IN("\xff"), WIMS_BODY_XML},
	{IN("&#0;"), WIMS_BODY_XML},
	{"<?xml version='1.0' encoding='none'?>" ROOT("version='1' state='full'"), WIMS_BODY_XML},
	{"<!DOCTYPE reginfo>" ROOT("version='1' state='full'"), WIMS_BODY_XML},
	{"<!DOCTYPE reginfo SYSTEM 'http://h/'>" ROOT("version='1' state='full'"), WIMS_BODY_XML},
	{"<!DOCTYPE r [<!ENTITY a 'b'>]>" ROOT("version='1' state='full'"), WIMS_BODY_XML},
	{"<reginfo version='1' state='full'/>", WIMS_REGINFO_MISSING},
	{"<x xmlns='urn:ietf:params:xml:ns:reginfo' version='1' state='full'/>", WIMS_REGINFO_MISSING},
	{ROOT("state='full'"), WIMS_REGINFO_MISSING},
	{ROOT("version='1'"), WIMS_REGINFO_MISSING},
	{ROOT("xmlns:x='urn:x' x:version='1' state='full'"), WIMS_REGINFO_MISSING},
	{ROOT("version='' state='full'"), WIMS_REGINFO_VALUE},
	{ROOT("version='-1' state='full'"), WIMS_REGINFO_VALUE},
	{ROOT("version='1.0' state='full'"), WIMS_REGINFO_VALUE},
	{ROOT("version='4294967296' state='full'"), WIMS_REGINFO_VALUE},
	{ROOT("version='1' state='Full'"), WIMS_REGINFO_VALUE},
	{ROOT("version='1' state=''"), WIMS_REGINFO_VALUE},
	{IN("<registration id='a' state='active'/>"), WIMS_REGINFO_MISSING},
	{IN("<registration aor='sip:a@h'/>"), WIMS_REGINFO_MISSING},
	{IN("<registration aor='sip:a@h' state='none'/>"), WIMS_REGINFO_VALUE},
	{IN("<registration aor='sip:a@h' state='gone'/>"), WIMS_REGINFO_VALUE},
	{CONTACT_WITH("event='created'"), WIMS_REGINFO_MISSING},
	{CONTACT_WITH("state='active'"), WIMS_REGINFO_MISSING},
	{CONTACT_WITH("state='init' event='created'"), WIMS_REGINFO_VALUE},
	{CONTACT_WITH("state='active' event='made'"), WIMS_REGINFO_VALUE},
	{CONTACT_WITH("state='active' event='none'"), WIMS_REGINFO_VALUE},
	{CONTACT_WITH("state='active' event='created' expires='-1'"), WIMS_REGINFO_VALUE},
	{CONTACT_WITH("state='active' event='created' expires='4294967296'"), WIMS_REGINFO_VALUE},
	{CONTACT_WITH("state='active' event='created' retry-after='soon'"), WIMS_REGINFO_VALUE},
};
/* clang-format on */

static void test_bad(void **state)
{
	size_t i;

	(void)state;
	for(i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused(wims_pl_str(bad[i].text), bad[i].want);
}

/* head, n times part, tail; the caller frees. */
static char *repeat(const char *head, const char *part, size_t n, const char *tail)
{
	size_t room = strlen(head) + n * strlen(part) + strlen(tail) + 1, at;
	char *text = malloc(room);

	assert_non_null(text);
	at = (size_t)snprintf(text, room, "%s", head);
	for(; n > 0; n--)
		at += (size_t)snprintf(text + at, room - at, "%s", part);
	snprintf(text + at, room - at, "%s", tail);
	return text;
}

static void limit(const char *head, const char *part, size_t most, const char *tail)
{
	char *text = repeat(head, part, most, tail);

	wims_reginfo_free(good(wims_pl_str(text)));
	free(text);
	text = repeat(head, part, most + 1, tail);
	refused(wims_pl_str(text), WIMS_BODY_TOO_LONG);
	free(text);
}

static void test_limits(void **state)
{
	/* OPEN, CLOSE and "<x>" count; blanks behind the end are part of a document */
	limit(OPEN CLOSE, " ", WIMS_REGINFO_MAX - sizeof(OPEN CLOSE) + 1, "");
	limit(OPEN, BOB, WIMS_REGINFO_REGISTRATIONS_MAX, CLOSE);
	limit(OPEN "<registration aor=\"sip:a@h\" state=\"active\">", CONTACT("created", "sip:c@h"),
		  WIMS_REGINFO_CONTACTS_MAX, "</registration>" CLOSE);
	(void)state;
}

static char *nested(size_t depth)
{
	char *inner = repeat("", "</x>", depth - 1, CLOSE);
	char *text = repeat(OPEN, "<x>", depth - 1, inner);

	free(inner);
	return text;
}

static char *with_attributes(size_t n)
{
	char text[4096] = OPEN "<x";
	size_t i, at = strlen(text);

	for(i = 0; i < n; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, " a%zu='1'", i);
	snprintf(text + at, sizeof(text) - at, "/>%s", CLOSE);
	return repeat(text, "", 0, "");
}

static void test_shape_limits(void **state)
{
	char *text = nested(16);

	(void)state;
	wims_reginfo_free(good(wims_pl_str(text)));
	free(text);
	text = nested(17);
	refused(wims_pl_str(text), WIMS_BODY_TOO_LONG);
	free(text);
	text = with_attributes(32);
	wims_reginfo_free(good(wims_pl_str(text)));
	free(text);
	text = with_attributes(33);
	refused(wims_pl_str(text), WIMS_BODY_TOO_LONG);
	free(text);
}

/* A text of that length with a wildcard or a URI in it is told, a longer one is not. */
static void test_text_limits(void **state)
{
	char *text, *uri;

	(void)state;
	uri = repeat("sip:", "c", WIMS_REGINFO_CONTACT_MAX - 4, "");
	text = repeat(OPEN "<registration aor=\"sip:a@h\" state=\"active\">"
					   "<contact state=\"active\" event=\"created\"><uri> \n ",
				  uri, 1, " </uri></contact></registration>" CLOSE);
	/* the blank behind it is one too many */
	expect(text, "sip:a@h  active active created -1 -1 \n");
	free(text);
	text = repeat(OPEN "<registration aor=\"sip:a@h\" state=\"active\">"
					   "<contact state=\"active\" event=\"created\"><uri> \n ",
				  uri, 1, "</uri></contact></registration>" CLOSE);
	free(uri);
	uri = repeat("sip:a@h  active active created -1 -1 sip:", "c", WIMS_REGINFO_CONTACT_MAX - 4,
				 "\n");
	expect(text, uri);
	free(text);
	free(uri);
	uri = repeat(OPEN BOB "<registration aor=\"sip:a!", "c", WIMS_REGINFO_WILDCARD_MAX - 8,
				 "!@h\" state=\"active\"/>" CLOSE);
	expect(uri, "sip:bob@ims.test  active none none -1 -1 \n");
	free(uri);
}

/* A text that outgrows the library's first piece of memory keeps its beginning. */
static void test_growth(void **state)
{
	char *text = repeat("<reginfo xmlns='urn:ietf:params:xml:ns:reginfo' version='", "0", 20000,
						"7' state='full'/>");
	struct wims_reginfo *doc = good(wims_pl_str(text));

	(void)state;
	assert_int_equal(wims_reginfo_version(doc), 7);
	wims_reginfo_free(doc);
	free(text);
}

/* Each allocation fails in turn: nothing is told, nothing is lost. */
static void test_memory(void **state)
{
	struct scarce s;
	struct wims_reginfo *doc;
	enum wims_reason r = WIMS_NOMEM;
	size_t n;

	(void)state;
	for(n = 0; r != WIMS_OK; n++) {
		assert_true(n < 1000);
		scarce_init(&s, n);
		r = wims_reginfo_parse(&doc, &s.env, wims_pl_str(whole));
		assert_true(r == WIMS_OK || (r == WIMS_NOMEM && doc == NULL));
		wims_reginfo_free(doc);
		assert_int_equal(s.live, 0);
	}
	assert_in_range(n, 20, 999);
}

static void ignore(void *ctx, const struct wims_reginfo_news *news)
{
	size_t *told = ctx;

	assert_true((news->aor.l > 0) != (news->wildcard.l > 0));
	assert_int_not_equal(news->state, WIMS_REGINFO_NONE);
	assert_int_equal(news->contact_state == WIMS_REGINFO_NONE, news->event == WIMS_REGINFO_UNSAID);
	++*told;
}

static void one_mutant(void *ctx, struct wims_pl input)
{
	struct wims_reginfo *doc = NULL;

	if(wims_reginfo_parse(&doc, &wims_env_libc, input) != WIMS_OK)
		assert_null(doc);
	else
		wims_reginfo_each(doc, ignore, ctx);
	wims_reginfo_free(doc);
}

static void test_mutants(void **state)
{
	size_t told = 0;

	(void)state;
	assert_in_range(sweep(wims_pl_str(whole), one_mutant, &told), 10000, 100000);
	assert_true(told > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_whole),         cmocka_unit_test(test_partial),
			cmocka_unit_test(test_wildcard),      cmocka_unit_test(test_passed_over),
			cmocka_unit_test(test_contact_lines), cmocka_unit_test(test_bad),
			cmocka_unit_test(test_limits),        cmocka_unit_test(test_shape_limits),
			cmocka_unit_test(test_text_limits),   cmocka_unit_test(test_growth),
			cmocka_unit_test(test_memory),        cmocka_unit_test(test_mutants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
