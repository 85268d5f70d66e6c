/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cli.h"

#include "range/wims_ranges.h"

#include <stdlib.h>

enum
{
	RANGES_FILE_MAX = 256 * 1024 * 1024
};

/* What ranges are read into. */
struct reading
{
	struct wims_ranges *ranges;
	const char *file; /* NULL: one pattern on the command line */
	struct wims_pl domain;
	uint32_t *lines; /* of each range */
	size_t lines_size;
	uint32_t owners;
	uint32_t line;
};

struct matching
{
	const struct reading *rd;
	struct wims_regex_room *room;
};

static const struct cli_option options[] = {
		{"--domain", "HOST", "ranges of another host are refused"},
		{NULL, NULL, NULL},
};

/* --- reading --- */

static void place(const struct reading *rd, uint32_t line)
{
	if(rd->file != NULL)
		fprintf(stderr, "%s: line %u: ", rd->file, line);
}

static enum cli_status refused(const struct reading *rd, struct wims_pl text,
							   const struct wims_range_fault *fault)
{
	place(rd, rd->line);
	cli_print_escaped(stderr, text, true);
	fprintf(stderr, ": byte %zu: %s\n", fault->at, fault->why);
	return CLI_REFUSED;
}

/* The number of the owner with that name, which may be new. */
static enum wims_reason owner_of(struct reading *rd, struct wims_pl name, uint32_t *out)
{
	enum wims_reason r;

	/* files are sorted by owner more often than not */
	for(*out = rd->owners; (*out)-- > 0;)
		if(wims_pl_eq(wims_ranges_name(rd->ranges, *out), name))
			return WIMS_OK;
	r = wims_ranges_owner(rd->ranges, name, rd->domain, out);
	if(r == WIMS_OK)
		rd->owners++;
	return r;
}

static bool remember_line(struct reading *rd)
{
	size_t count = wims_ranges_count(rd->ranges);

	if(count == rd->lines_size) {
		size_t size = count > 0 ? 2 * count : 64;
		uint32_t *more = realloc(rd->lines, size * sizeof(*more));

		if(more == NULL)
			return false;
		rd->lines = more;
		rd->lines_size = size;
	}
	rd->lines[count] = rd->line;
	return true;
}

static enum cli_status add(struct reading *rd, struct wims_pl text, struct wims_pl name)
{
	struct wims_range_fault fault = {
			.why = "owner: allowed are a name of 255 bytes, 100000 owners"};
	uint32_t owner;

	if(!remember_line(rd))
		return cli_fail("no memory");
	if(owner_of(rd, name, &owner) != WIMS_OK
	   || wims_ranges_add(rd->ranges, owner, text, &fault) != WIMS_OK)
		return refused(rd, text, &fault);
	return CLI_OK;
}

/* "PATTERN [OWNER]"; empty lines and those that start with '#' do not count. */
static enum cli_status add_line(struct reading *rd, struct wims_pl line)
{
	struct wims_pl text = wims_pl_trim(line), name;

	if(text.l == 0 || text.p[0] == '#')
		return CLI_OK;
	name = wims_pl_from(text, wims_pl_find(text, ' '));
	text.l -= name.l;
	return add(rd, text, wims_pl_trim(name));
}

static enum cli_status add_file(struct reading *rd)
{
	struct wims_pl rest;
	enum cli_status status = CLI_OK;
	char *buf = NULL;
	size_t len;

	if(!cli_must_read(rd->file, RANGES_FILE_MAX, &buf, &len))
		return CLI_USAGE;
	for(rest = (struct wims_pl){buf, len}; status == CLI_OK && rest.l > 0;) {
		struct wims_pl line = {rest.p, wims_pl_find(rest, '\n')};

		rest = wims_pl_from(rest, line.l + 1);
		if(line.l > 0 && line.p[line.l - 1] == '\r')
			line.l--;
		rd->line++;
		status = add_line(rd, line);
	}
	free(buf);
	return status;
}

static void print_owned(const struct reading *rd, uint32_t range)
{
	struct wims_pl name = wims_ranges_name(rd->ranges, wims_ranges_owner_of(rd->ranges, range));

	cli_print_escaped(stderr, wims_ranges_text(rd->ranges, range), true);
	if(name.l > 0) {
		fputs(" of ", stderr);
		cli_print_escaped(stderr, name, true);
	}
}

static enum cli_status seal(struct reading *rd)
{
	struct wims_range_fault fault;
	enum wims_reason r = wims_ranges_seal(rd->ranges, &fault);

	if(r == WIMS_OK)
		return CLI_OK;
	if(r != WIMS_CONFIG_OVERLAP)
		return cli_fail("no memory");
	place(rd, rd->lines[fault.range]);
	print_owned(rd, fault.range);
	fprintf(stderr, ": %s: line %u: ", fault.why, rd->lines[fault.other]);
	print_owned(rd, fault.other);
	fputc('\n', stderr);
	return CLI_REFUSED;
}

/* --- matching --- */

static enum cli_status match_line(const void *ctx, struct wims_pl line)
{
	const struct matching *m = ctx;
	const struct reading *rd = m->rd;
	char buf[WIMS_IMPU_MAX];
	struct wims_ranges_hit hit;
	struct wims_pl impu, name;

	if(wims_impu_canonical(&impu, buf, sizeof(buf), line) != WIMS_OK) {
		puts("uri_bad");
		return CLI_REFUSED;
	}
	if(!wims_ranges_find(rd->ranges, m->room, impu, &hit)) {
		puts(hit.limited ? "none limited" : "none");
		return CLI_REFUSED;
	}
	name = wims_ranges_name(rd->ranges, hit.owner);
	fputs("match", stdout);
	if(rd->file != NULL)
		printf(" line=%u", rd->lines[hit.range]);
	if(name.l > 0) {
		fputs(" owner=", stdout);
		cli_print_escaped(stdout, name, false);
	}
	fputs(" range=", stdout);
	cli_print_escaped(stdout, wims_ranges_text(rd->ranges, hit.range), false);
	puts(hit.limited ? " limited" : "");
	return CLI_OK;
}

/* An identity or a number, or else the name of a file. */
static bool is_pattern(struct wims_pl text)
{
	return wims_pl_starts(text, WIMS_PL("+")) || wims_pl_casestarts(text, WIMS_PL("sip:"))
		   || wims_pl_casestarts(text, WIMS_PL("sips:"))
		   || wims_pl_casestarts(text, WIMS_PL("tel:"));
}

static enum cli_status run(const struct cli_args *args)
{
	struct wims_pl operand = wims_pl_str(cli_operand(args));
	struct reading rd = {.ranges = wims_ranges_new(&wims_env_libc),
						 .file = is_pattern(operand) ? NULL : operand.p,
						 .domain = wims_pl_str(cli_arg(args, "--domain"))};
	struct matching m = {.rd = &rd, .room = wims_regex_room_new(&wims_env_libc)};
	enum cli_status status;

	if(rd.ranges == NULL || m.room == NULL)
		status = cli_fail("no memory");
	else
		status = rd.file != NULL ? add_file(&rd) : add(&rd, operand, WIMS_PL_NONE);
	if(status == CLI_OK)
		status = seal(&rd);
	if(status == CLI_OK)
		status = cli_each_line(match_line, &m);
	wims_regex_room_free(m.room);
	wims_ranges_free(rd.ranges);
	free(rd.lines);
	return status;
}

const struct cli_command cli_range_match = {
		.name = "range match",
		.operand = "PATTERN-OR-FILE",
		.summary = "say which range of identities each line of standard input is in",
		.details =
				"A pattern starts with sip:, sips:, tel: or +; anything else is a file with\n"
				"\"PATTERN [OWNER]\" on each line. Output: \"match\" with line, owner and range,\n"
				"\"none\", or \"uri_bad\"; exit status 0 only if all match.",
		.options = options,
		.run = run,
};
