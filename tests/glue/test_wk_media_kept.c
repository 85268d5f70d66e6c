/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Names of media sessions that earlier starts left. */

#include "glue.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/wims_buf.h"
#include "wk_event.h"
#include "wk_media.h"
#include "wk_media_kept.h"
#include "wk_params.h"
#include "wk_store.h"

static char dir[] = "/tmp/wims-kept-XXXXXX";
static size_t n_ended;

static void note_end(sip_msg_t *msg)
{
	n_ended++;
}

static bool write_many(void *ctx, struct wims_buf *out)
{
	char line[WK_MEDIA_NAME_MAX];
	int i, n;

	for(i = 0; i < 100; i++) {
		n = snprintf(line, sizeof(line), "wims-0-1-%d\n", i);
		if(!wims_buf_add(out, (struct wims_pl){line, (size_t)n}))
			return false;
	}
	return true;
}

static void start(void)
{
	n_ended = 0;
	wk_media_kept_destroy();
	assert_int_equal(wk_media_kept_init(), 0);
}

/* No more at once than the script has room for, and kept until it had time for all. */
static void test_many(void **state)
{
	static const size_t want[] = {40, 80, 100, 100};
	size_t i;

	assert_int_equal(wk_store_save("media", write_many, NULL), WIMS_OK);
	start();
	for(i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		wk_media_kept_tick();
		assert_int_equal(n_ended, want[i]);
		if(n_ended < 100) /* time counts from the last one on */
			ksr_clock.mono_ms += 60000;
		ksr_slow_timer();
	}
	assert_contains(ksr_log(), "100 media sessions of an earlier start are ended");
	start();
	wk_media_kept_tick();
	assert_int_equal(n_ended, 40);
	/* this start was the end of neither half */
	start();
	for(i = 0; i < 3; i++)
		wk_media_kept_tick();
	assert_int_equal(n_ended, 100);
	ksr_clock.mono_ms += 60000;
	ksr_slow_timer();
	start();
	wk_media_kept_tick();
	assert_int_equal(n_ended, 0);
}

static void test_no_memory(void **state)
{
	wk_media_kept_destroy();
	ksr_memory.left = 0;
	assert_int_equal(wk_media_kept_init(), -1);
	ksr_memory.left = SIZE_MAX;
	assert_contains(ksr_log(), "no shared memory for the names of media sessions");
	start();
}

static int setup(void **state)
{
	memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
	if(glue_setup(state) != 0 || mkdtemp(dir) == NULL)
		return -1;
	wk_params.state_dir = dir;
	ksr_route.name = "webrtc-ims:media-over";
	ksr_route.look = note_end;
	return wk_event_init();
}

static int teardown(void **state)
{
	char file[64];

	wk_media_kept_destroy();
	wk_params.state_dir = "";
	snprintf(file, sizeof(file), "%s/media.state", dir);
	unlink(file);
	rmdir(dir);
	return glue_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(test_many, setup, teardown),
			cmocka_unit_test_setup_teardown(test_no_memory, setup, teardown),
	};

	return cmocka_run_group_tests_name("media_kept", tests, glue_group_setup, glue_group_teardown);
}
