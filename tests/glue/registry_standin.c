/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "registry_standin.h"

#include "wk_registry.h"
#include "wk_state.h"

struct registry_standin registry_standin;

static struct
{
	char name[WIMS_CONTACT_USER_LEN + 1];
	char flow[WIMS_FLOWTOKEN_LEN];
} texts[WIMS_REG_CONTACTS_MAX];

bool __wrap_wk_registry_shared(void);
enum wims_reason __wrap_wk_registry_query(struct wims_pl impu, struct wims_reg_entry *entry);
bool __wrap_wk_registry_node(uint16_t node, uint32_t epoch, char address[WIMS_REG_ADDRESS_MAX + 1]);

void __wrap_wk_registry_remove(struct wims_pl impu, struct wims_pl name);

void __wrap_wk_registry_remove(struct wims_pl impu, struct wims_pl name)
{
	(void)impu;
	snprintf(registry_standin.synced, sizeof(registry_standin.synced), "%.*s", (int)name.l, name.p);
}

bool __wrap_wk_registry_shared(void)
{
	return registry_standin.shared;
}

enum wims_reason __wrap_wk_registry_query(struct wims_pl impu, struct wims_reg_entry *entry)
{
	(void)impu;
	registry_standin.asked++;
	*entry = registry_standin.entry;
	if(registry_standin.outcome != WIMS_OK)
		entry->count = 0;
	return registry_standin.outcome;
}

bool __wrap_wk_registry_node(uint16_t node, uint32_t epoch, char address[WIMS_REG_ADDRESS_MAX + 1])
{
	size_t i;

	for(i = 0; i < registry_standin.nodes; i++) {
		const struct wims_reg_node *n = &registry_standin.node[i];

		if(n->node == node && n->epoch == epoch) {
			memcpy(address, n->address, sizeof(n->address));
			return true;
		}
	}
	address[0] = '\0';
	return false;
}

void registry_reset(void)
{
	registry_standin = (struct registry_standin){.shared = true, .outcome = WIMS_OK};
}

void registry_node_is(uint16_t number, uint32_t epoch, const char *address)
{
	struct wims_reg_node *n = &registry_standin.node[registry_standin.nodes++];

	*n = (struct wims_reg_node){.node = number, .epoch = epoch};
	snprintf(n->address, sizeof(n->address), "%s", address);
}

struct wims_reg_contact *registry_contact(uint16_t number, uint32_t epoch, char name, int q)
{
	struct wims_reg_entry *e = &registry_standin.entry;
	const struct wims_flowtoken t = {
			.kind = WIMS_FLOWTOKEN_PATH, .node = number, .epoch = epoch, .conn = 7};
	size_t i = e->count++;

	memset(texts[i].name, name, WIMS_CONTACT_USER_LEN);
	assert_int_equal(wims_flowtoken_encode(texts[i].flow, wk_flow_keys(), &t, WIMS_PL_NONE),
					 WIMS_OK);
	e->contact[i] = (struct wims_reg_contact){.name = wims_pl_str(texts[i].name),
											  .flow = {texts[i].flow, WIMS_FLOWTOKEN_LEN},
											  .node = number,
											  .epoch = epoch,
											  .q = q,
											  .left_ms = 1000};
	return &e->contact[i];
}
