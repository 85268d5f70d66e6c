/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wr_int.h"

#include <string.h>

static const struct wims_pl ROLE[] = {WIMS_PL("ROLE")};

bool wr_command(struct wr_client *c, const struct wims_pl *words, size_t n)
{
	wims_buf_drop(&c->out, c->out.len);
	return wims_redis_command(&c->out, n) && wims_redis_words(&c->out, words, n);
}

static struct wr_conn *find(struct wr_client *c, const struct wims_redis_addr *node)
{
	size_t i;

	for(i = 0; i < WR_CONNS_MAX; i++)
		if(c->conn[i].fd >= 0 && wims_redis_addr_eq(&c->conn[i].addr, node))
			return &c->conn[i];
	return NULL;
}

/* A free place, or that of the one which was not used for longest. */
static struct wr_conn *free_place(struct wr_client *c)
{
	struct wr_conn *old = &c->conn[0];
	size_t i;

	for(i = 0; i < WR_CONNS_MAX; i++) {
		if(c->conn[i].fd < 0)
			return &c->conn[i];
		if(c->conn[i].last_used < old->last_used)
			old = &c->conn[i];
	}
	wr_conn_close(old);
	return old;
}

void wr_node_drop(struct wr_client *c, const struct wims_redis_addr *node)
{
	struct wr_conn *conn = find(c, node);

	if(conn != NULL)
		wr_conn_close(conn);
}

static void nothing(struct wr_answer *out, enum wims_reason reason)
{
	*out = (struct wr_answer){.said = WR_SAID_NOTHING, .reason = reason};
}

static void fault(struct wr_client *c, const struct wims_redis_addr *node, enum wr_fault f,
				  struct wr_answer *out)
{
	nothing(out, wr_fail(c, wr_fault_reason(f), node, wr_fault_text(f), WIMS_PL_NONE));
}

/* A question of our own before the caller's, which waits in c->out. */
static bool ask_first(struct wr_client *c, struct wr_conn *conn, const struct wims_pl *words,
					  size_t n, int64_t deadline, const struct wims_redis_value **value,
					  struct wr_answer *out)
{
	struct wims_buf b;
	enum wr_fault f = WR_FAULT_NOMEM;

	wims_buf_init(&b, c->env, WIMS_REDIS_COMMAND_MAX);
	if(wims_redis_command(&b, n) && wims_redis_words(&b, words, n))
		f = wr_conn_ask(conn, wims_buf_pl(&b), 1, deadline, value);
	if(b.len > 0)
		wims_wipe(b.p, b.len); /* it may be a password */
	wims_buf_clear(&b);
	if(f == WR_FAULT_NONE)
		return true;
	fault(c, &conn->addr, f, out);
	return false;
}

static bool log_in(struct wr_client *c, struct wr_conn *conn, int64_t deadline,
				   struct wr_answer *out)
{
	const struct wims_pl words[] = {WIMS_PL("AUTH"), wims_pl_str(c->user),
									wims_pl_str(c->password)};
	const struct wims_pl alone[] = {words[0], words[2]};
	bool user = words[1].l > 0;
	const struct wims_redis_value *v;
	enum wims_redis_error e;

	if(words[2].l == 0)
		return true;
	if(!ask_first(c, conn, user ? words : alone, user ? 3 : 2, deadline, &v, out))
		return false;
	if(v->type == WIMS_REDIS_STATUS)
		return true;
	/* Not what it wrote: that may have the password in it. */
	e = v->type == WIMS_REDIS_ERROR ? wims_redis_error(v->text) : WIMS_REDIS_OTHER;
	nothing(out, wr_fail(c, WIMS_REGISTRAR_AWAY, &conn->addr,
						 wims_redis_error_text(e == WIMS_REDIS_OTHER ? WIMS_REDIS_WRONGPASS : e),
						 WIMS_PL_NONE));
	wr_conn_close(conn);
	return false;
}

/* Sentinel may not have heard yet that a master has become a replica. */
static bool is_master(struct wr_client *c, struct wr_conn *conn, int64_t deadline,
					  struct wr_answer *out)
{
	const struct wims_redis_value *v;

	if(!ask_first(c, conn, ROLE, 1, deadline, &v, out))
		return false;
	if(wims_redis_is_master(v))
		return true;
	if(v->type == WIMS_REDIS_ERROR)
		nothing(out, wr_fail(c, WIMS_REGISTRAR_AWAY, &conn->addr,
							 wims_redis_error_text(wims_redis_error(v->text)), v->text));
	else
		nothing(out, wr_fail(c, WIMS_REGISTRAR_AWAY, &conn->addr, "it is no master", WIMS_PL_NONE));
	wr_conn_close(conn);
	return false;
}

static bool greet(struct wr_client *c, struct wr_conn *conn, enum wr_kind kind, int64_t deadline,
				  struct wr_answer *out)
{
	if(kind == WR_KIND_SENTINEL)
		return true;
	return log_in(c, conn, deadline, out)
		   && (kind != WR_KIND_MASTER || is_master(c, conn, deadline, out));
}

static struct wr_conn *connect_to(struct wr_client *c, const struct wims_redis_addr *node,
								  enum wr_kind kind, int64_t deadline, struct wr_answer *out)
{
	struct wr_conn *conn = free_place(c);
	enum wr_fault f;

	conn->addr = *node;
	f = wr_conn_open(conn, c->env, wims_redis_place_via(&c->place, node), deadline);
	if(f != WR_FAULT_NONE) {
		fault(c, node, f, out);
		return NULL;
	}
	return greet(c, conn, kind, deadline, out) ? conn : NULL;
}

static bool wants_password(const struct wr_answer *a)
{
	return a->said == WR_SAID_REPLY && a->value->type == WIMS_REDIS_ERROR
		   && wims_redis_error(a->value->text) == WIMS_REDIS_NOAUTH;
}

static enum wr_fault ask(struct wr_client *c, struct wr_conn *conn, size_t replies,
						 int64_t deadline, struct wr_answer *out)
{
	enum wr_fault f = wr_conn_ask(conn, wims_buf_pl(&c->out), replies, deadline, &out->value);

	conn->last_used = ++c->clock;
	if(f == WR_FAULT_NONE)
		out->said = WR_SAID_REPLY;
	else
		c->breaks++;
	return f;
}

/* An idle connection that the server has closed is found out by using it: then
 * once more, over a new one. */
static void ask_over(struct wr_client *c, const struct wims_redis_addr *node, enum wr_kind kind,
					 size_t replies, int64_t deadline, struct wr_answer *out)
{
	struct wr_conn *conn = find(c, node);
	enum wr_fault f = WR_FAULT_LOST;

	if(conn != NULL && (f = ask(c, conn, replies, deadline, out)) != WR_FAULT_LOST) {
		if(f != WR_FAULT_NONE)
			fault(c, node, f, out);
		return;
	}
	if((conn = connect_to(c, node, kind, deadline, out)) == NULL)
		return;
	f = ask(c, conn, replies, deadline, out);
	if(kind == WR_KIND_SENTINEL && f == WR_FAULT_NONE && wants_password(out)) {
		if(!log_in(c, conn, deadline, out))
			return;
		f = ask(c, conn, replies, deadline, out);
	}
	if(f != WR_FAULT_NONE)
		fault(c, node, f, out);
}

void wr_node_ask(struct wr_client *c, const struct wims_redis_addr *node, enum wr_kind kind,
				 size_t replies, int64_t deadline, struct wr_answer *out)
{
	const struct wr_gate *gate = c->gate;

	if(gate != NULL && !gate->allow(gate->ctx, node)) {
		*out = (struct wr_answer){.said = WR_SAID_SHUT,
								  .reason = wr_fail(c, WIMS_REGISTRAR_AWAY, node,
													"not asked, it has failed too often",
													WIMS_PL_NONE)};
		return;
	}
	*out = (struct wr_answer){.said = WR_SAID_NOTHING, .reason = WIMS_REGISTRAR_AWAY};
	ask_over(c, node, kind, replies, deadline, out);
	if(gate != NULL)
		gate->report(gate->ctx, node, out->said == WR_SAID_REPLY);
}
