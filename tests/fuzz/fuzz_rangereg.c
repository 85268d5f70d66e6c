/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* Registrations of ranges: each four bytes are an event. What must be so after
 * each is checked by the model. */
#include "rr_model.h"

#include "fuzz.h"

enum
{
	EVENTS_MAX = 500
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rr_model *m = rr_model_open(1, 2 * EVENTS_MAX);
	size_t i;

	for(i = 0; i + RR_MODEL_EVENT <= size && i < EVENTS_MAX * RR_MODEL_EVENT; i += RR_MODEL_EVENT)
		rr_model_step(m, data + i);
	rr_model_close(m);
	return 0;
}
