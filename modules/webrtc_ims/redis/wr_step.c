/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wr_store_int.h"

#include <string.h>

#include "base/wims_texts.h"

struct wr_step *wr_step_new(struct wr_store *s, const struct wr_script *script)
{
	struct wr_step *step = &s->step;

	step->call = (struct wr_call){.script = script, .keys = step->key, .args = step->arg};
	step->at = step->text;
	step->ok = true;
	return step;
}

/* Text is as long as the longest step: what goes in was checked against its
 * maximum by the port. */
static size_t room(const struct wr_step *step)
{
	return sizeof(step->text) - (size_t)(step->at - step->text);
}

/* Puts the slices behind each other. */
static struct wims_pl join(struct wr_step *step, const struct wims_pl *part, size_t n)
{
	struct wims_pl all = {step->at, 0};
	size_t i;

	for(i = 0; i < n; i++) {
		if(part[i].l > room(step))
			step->ok = false;
		else
			all.l += wims_texts_put(&step->at, part[i]).l;
	}
	return all;
}

static void add(struct wr_step *step, struct wims_pl *list, size_t *count, size_t max,
				struct wims_pl text)
{
	if(*count < max)
		list[(*count)++] = text;
	else
		step->ok = false;
}

void wr_step_key_text(struct wr_step *step, struct wims_pl key)
{
	add(step, step->key, &step->call.key_count, WR_STEP_KEYS, key);
}

void wr_step_text(struct wr_step *step, struct wims_pl text)
{
	add(step, step->arg, &step->call.arg_count, WR_STEP_ARGS, text);
}

static struct wims_pl key_of(struct wr_step *step, const struct wims_block *b, struct wims_pl kind,
							 struct wims_pl name)
{
	const struct wims_pl part[] = {
			WIMS_PL("wims:{"), {b->tag, WIMS_BLOCK_TAG_LEN}, WIMS_PL("}:"), kind, name};

	return join(step, part, sizeof(part) / sizeof(part[0]));
}

void wr_step_key(struct wr_step *step, const struct wims_block *b, struct wims_pl kind,
				 struct wims_pl name)
{
	wr_step_key_text(step, key_of(step, b, kind, name));
}

void wr_step_prefix(struct wr_step *step, const struct wims_block *b, struct wims_pl kind)
{
	wr_step_text(step, key_of(step, b, kind, WIMS_PL_NONE));
}

static struct wims_pl digits(struct wr_step *step, uint64_t n)
{
	struct wims_w w;

	wims_w_init(&w, step->at, room(step));
	wims_w_u64(&w, n);
	step->at += w.len;
	step->ok = step->ok && w.ok;
	return wims_w_done(&w);
}

void wr_step_number(struct wr_step *step, uint64_t n)
{
	wr_step_text(step, digits(step, n));
}

void wr_step_id(struct wr_step *step, struct wims_pl impu, int64_t index)
{
	wr_step_text(step, index == WIMS_REG_CLAIMED ? impu : digits(step, (uint64_t)index));
}

void wr_step_entry(struct wr_step *step, const struct wims_block *b, struct wims_pl impu,
				   int64_t index)
{
	struct wims_pl id = index == WIMS_REG_CLAIMED ? impu : digits(step, (uint64_t)index);

	wr_step_key(step, b, WIMS_PL("e:"), id);
}

bool wr_step_contact(struct wr_step *step, const struct wims_reg_contact *c)
{
	struct wims_w record, device;

	wims_w_init(&record, step->at, room(step));
	wims_reg_record_write(&record, c);
	step->at += record.len;
	wims_w_init(&device, step->at, room(step));
	wims_reg_record_device(&device, c);
	step->at += device.len;
	wr_step_text(step, wims_w_done(&record));
	wr_step_text(step, wims_w_done(&device));
	return record.ok && device.ok;
}

enum wims_reason wr_step_run(struct wr_store *s, const struct wims_redis_value **reply)
{
	s->error = NULL;
	if(!s->step.ok) {
		s->error = "a step is larger than it may be";
		return WIMS_INTERNAL;
	}
	return wr_client_call(s->client, &s->step.call, reply);
}

enum wims_reason wr_store_bad(struct wr_store *s, const char *text)
{
	s->error = text;
	return WIMS_REGISTRAR_BAD;
}
