/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include <strings.h>

#include "core/parser/parse_rr.h"
#include "modules/tm/dlg.h"
#include "ksr_int.h"

struct ksr_tm ksr_tm;
struct ksr_sl ksr_sl;

enum
{
	CELLS = 64
};

static struct cell cells[CELLS];
static struct cell *next; /* given out by t_newtran */
static bool over;         /* next has ended */
static unsigned label;

/* ---- transactions ---- */

struct cell *ksr_tm_new(sip_msg_t *request)
{
	next = &cells[label % CELLS];
	memset(next, 0, sizeof(*next));
	next->hash_index = 77;
	next->label = ++label;
	next->uas.request = request;
	next->uas.status = 0;
	over = false;
	ksr_tm.current = NULL;
	return next;
}

struct cell *ksr_tm_of(const sip_msg_t *request)
{
	size_t i = 0;

	while(cells[i].uas.request != request)
		assert_true(++i < CELLS);
	return &cells[i];
}

static struct cell *gett(void)
{
	return ksr_tm.current == NULL ? T_UNDEFINED : ksr_tm.current;
}

static int newtran(sip_msg_t *msg)
{
	if(ksr_tm.newtran <= 0)
		return ksr_tm.newtran;
	if(next == NULL || over)
		ksr_tm_new(msg);
	ksr_tm.current = next;
	return 1;
}

static int fake_register_tmcb(sip_msg_t *msg, struct cell *t, int types, transaction_cb f,
							  void *param, release_tmcb_param release)
{
	struct tm_callback *cb;

	if(ksr_tm.register_tmcb <= 0 || (cb = shm_malloc(sizeof(*cb))) == NULL)
		return -1;
	*cb = (struct tm_callback){.types = types, .callback = f, .param = param, .release = release};
	cb->next = (struct tm_callback *)t->tmcb_hl.first;
	t->tmcb_hl.first = cb;
	return 1;
}

void ksr_tm_answered(int status)
{
	struct tm_callback *cb = (struct tm_callback *)next->tmcb_hl.first;

	for(; cb != NULL; cb = cb->next) {
		struct tmcb_params ps = {.param = &cb->param, .code = status};

		if(cb->types & TMCB_RESPONSE_OUT)
			cb->callback(next, TMCB_RESPONSE_OUT, &ps);
	}
}

void ksr_tm_end(int status)
{
	struct tm_callback *cb;

	if(next == NULL || over)
		return;
	next->uas.status = (short)status;
	while((cb = (struct tm_callback *)next->tmcb_hl.first) != NULL) {
		struct tmcb_params ps = {.param = &cb->param, .code = status};

		if(cb->types & TMCB_DESTROY)
			cb->callback(next, TMCB_DESTROY, &ps);
		if(cb->release != NULL)
			cb->release(cb->param);
		next->tmcb_hl.first = cb->next;
		shm_free(cb);
	}
	over = true;
	ksr_tm.current = NULL;
}

static int picked(void)
{
	return ksr_tm.picked_branch;
}

static struct cell *lookup_original(sip_msg_t *msg)
{
	return ksr_tm.original;
}

void ksr_tm_sent(struct cell *t, int proto, uint32_t conn)
{
	static struct ua_client clients[1];

	memset(clients, 0, sizeof(clients));
	clients[0].request.dst.proto = (char)proto;
	clients[0].request.dst.id = (int)conn;
	t->uac = clients;
	ksr_tm.matched = t;
}

static int check(sip_msg_t *msg, int *branch)
{
	if(ksr_tm.matched == NULL)
		return 0;
	*branch = 0;
	ksr_tm.current = ksr_tm.matched;
	ksr_tm.checks++;
	return 1;
}

static int unref_checked(sip_msg_t *msg)
{
	ksr_tm.checks--;
	ksr_tm.current = NULL;
	return 1;
}

static int lookup_ident(struct cell **t, unsigned int hash_index, unsigned int label_in)
{
	*t = &cells[(label_in - 1) % CELLS];
	if((*t)->label != label_in || (*t)->hash_index != hash_index)
		*t = NULL;
	ksr_tm.current = ksr_tm.original = *t;
	return *t != NULL ? 1 : -1;
}

static void sett(struct cell *t, int branch)
{
	assert_ptr_equal(t, T_UNDEFINED);
	assert_int_equal(branch, T_BR_UNDEFINED);
	ksr_tm.current = NULL;
}

static void unref(struct cell *t)
{
	assert_ptr_equal(t, ksr_tm.original);
	ksr_tm.unrefs++;
}

/* ---- requests that wait ---- */

static int suspend(sip_msg_t *msg, unsigned int *hash_index, unsigned int *label_out)
{
	struct cell *t = ksr_tm.current;

	assert_non_null(t);
	if(ksr_tm.suspend != 0)
		return ksr_tm.suspend;
	*hash_index = t->hash_index;
	*label_out = t->label;
	t->flags |= T_ASYNC_SUSPENDED;
	next = ksr_tm.current = NULL;
	return 0;
}

static int set_fr(sip_msg_t *msg, unsigned int inv_ms, unsigned int ms)
{
	assert_non_null(ksr_tm.current);
	ksr_tm.fr_ms = ms;
	ksr_tm.current->fr_timeout = MS_TO_TICKS(ms);
	return 1;
}

static int resume(unsigned int hash_index, unsigned int label_in, struct action *route)
{
	struct cell *t = &cells[(label_in - 1) % CELLS];

	if(t->label != label_in || t->hash_index != hash_index || !(t->flags & T_ASYNC_SUSPENDED))
		return -1;
	t->flags &= ~T_ASYNC_SUSPENDED;
	ksr_tm.current = t;
	ksr_tm.continued++;
	/* the real one makes a copy, which has another id */
	t->uas.request->id--;
	if(ksr_tm.resumed != NULL)
		ksr_tm.resumed(t->uas.request);
	ksr_tm.current = NULL;
	return 0;
}

static int resume_cb(unsigned int hash_index, unsigned int label_in, str *name, str *event)
{
	snprintf(ksr_tm.callback, sizeof(ksr_tm.callback), "%.*s(%.*s)", STR_FMT(name), STR_FMT(event));
	return resume(hash_index, label_in, NULL);
}

/* ---- branches ---- */

static tm_ctx_t *context(void)
{
	static tm_ctx_t ctx;

	ctx.branch_index = ksr_tm.branch;
	return &ctx;
}

static void fake_prepare_to_cancel(struct cell *t, branch_bm_t *out, branch_bm_t skip)
{
	*out = ksr_tm.nothing_to_cancel ? 0 : ((1u << t->nr_of_outgoings) - 1) & ~skip;
}

static int fake_cancel_uacs(struct cell *t, struct cancel_info *info, int flags)
{
	ksr_tm.cancelled |= info->cancel_bitmap;
	ksr_tm.cancel_flags = flags;
	ksr_tm.cancel_cause = info->reason.cause;
	return 0;
}

static int fake_reply_trans(struct cell *t, sip_msg_t *request, unsigned code, char *phrase)
{
	assert_ptr_equal(request, t->uas.request);
	assert_string_equal(phrase, "Request Terminated");
	ksr_tm.replied = (int)code;
	return 1;
}

/* ---- requests of our own ---- */

static bool copy_str(str *to, const str *from)
{
	*to = (str){NULL, 0};
	if(from->len == 0)
		return true;
	to->s = shm_malloc((size_t)from->len);
	if(to->s == NULL)
		return false;
	memcpy(to->s, from->s, (size_t)from->len);
	to->len = from->len;
	return true;
}

/* The real one gives everything back that it finds in the dialog; what it did
 * not make itself is therefore a defect of the caller. */
static void fake_free_dlg(dlg_t *d)
{
	if(d == NULL)
		return;
	if(d->id.rem_tag.s != NULL || d->rem_target.s != NULL || d->dst_uri.s != NULL
	   || d->route_set != NULL)
		ksr_tm.borrowed_freed = true;
	shm_free(d->id.call_id.s);
	shm_free(d->id.loc_tag.s);
	shm_free(d->loc_uri.s);
	shm_free(d->rem_uri.s);
	shm_free(d);
}

static int fake_new_dlg_uac(str *call_id, str *tag, unsigned cseq, str *local, str *remote,
							dlg_t **out)
{
	dlg_t *d = ksr_tm.no_dialog ? NULL : shm_malloc(sizeof(*d));

	if(d == NULL)
		return -1;
	memset(d, 0, sizeof(*d));
	d->state = DLG_NEW;
	d->loc_seq.value = cseq;
	d->loc_seq.is_set = 1;
	if(!copy_str(&d->id.call_id, call_id) || !copy_str(&d->id.loc_tag, tag)
	   || !copy_str(&d->loc_uri, local) || !copy_str(&d->rem_uri, remote)) {
		fake_free_dlg(d);
		return -1;
	}
	*out = d;
	return 0;
}

static int fake_hooks(dlg_t *d)
{
	return d->rem_target.len > 0 ? 0 : -1;
}

__attribute__((format(printf, 1, 2))) static void put(const char *format, ...)
{
	size_t used = strlen(ksr_tm.sent);
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(ksr_tm.sent + used, sizeof(ksr_tm.sent) - used, format, ap);
	va_end(ap);
	assert_true(n >= 0 && used + (size_t)n < sizeof(ksr_tm.sent));
}

static void put_text(const char *what, const str *value)
{
	put("%s%.*s\n", what, value->len, value->s == NULL ? "" : value->s);
}

/* What tm would build from it, near enough; it counts CSeq up first. */
static void note_request(const uac_req_t *req)
{
	const dlg_t *d = req->dialog;
	const rr_t *r;

	ksr_tm.sent[0] = '\0';
	put_text("method ", req->method);
	put_text("target ", &d->rem_target);
	put_text("next hop ", &d->dst_uri);
	for(r = d->route_set; r != NULL; r = r->next)
		put_text("route ", &r->nameaddr.uri);
	put_text("call-id ", &d->id.call_id);
	put_text("from ", &d->loc_uri);
	put_text("from-tag ", &d->id.loc_tag);
	put_text("to ", &d->rem_uri);
	put_text("to-tag ", &d->id.rem_tag);
	put("cseq %u\n%.*s", d->loc_seq.value + 1, req->headers->len, req->headers->s);
}

static int request_within(uac_req_t *req)
{
	if(ksr_tm.request_fails)
		return -1;
	ksr_tm.requests++;
	ksr_tm.answer_cb = req->cb_flags & TMCB_LOCAL_COMPLETED ? req->cb : NULL;
	ksr_tm.answer_param = req->cbp;
	note_request(req);
	return 1;
}

int ksr_load_tm(struct tm_binds *api)
{
	*api = (struct tm_binds){
			.register_tmcb = fake_register_tmcb,
			.t_newtran = newtran,
			.t_request_within = request_within,
			.new_dlg_uac = fake_new_dlg_uac,
			.free_dlg = fake_free_dlg,
			.t_gett = gett,
			.calculate_hooks = fake_hooks,
			.t_get_picked_branch = picked,
			.t_lookup_original = lookup_original,
			.t_lookup_ident = lookup_ident,
			.t_sett = sett,
			.unref_cell = unref,
			.t_check = check,
			.t_unref = unref_checked,
			.t_suspend = suspend,
			.t_continue = resume,
			.t_continue_cb = resume_cb,
			.set_fr = set_fr,
			.tm_ctx_get = context,
			.prepare_to_cancel = fake_prepare_to_cancel,
			.cancel_uacs = fake_cancel_uacs,
			.t_reply_trans = fake_reply_trans,
	};
	return 1;
}

/* ---- replies ---- */

static int freply(sip_msg_t *msg, int code, str *phrase)
{
	if(ksr_sl.fails)
		return -1;
	ksr_sl.replies++;
	ksr_sl.code = code;
	snprintf(ksr_sl.phrase, sizeof(ksr_sl.phrase), "%.*s", phrase->len, phrase->s);
	return 1;
}

int ksr_bind_sl(sl_api_t *api)
{
	*api = (sl_api_t){.freply = freply};
	return 0;
}

void ksr_tm_reset(void)
{
	ksr_tm_end(500);
	next = NULL;
	memset(&ksr_tm, 0, sizeof(ksr_tm));
	memset(&ksr_sl, 0, sizeof(ksr_sl));
	ksr_tm.newtran = ksr_tm.register_tmcb = 1;
}
