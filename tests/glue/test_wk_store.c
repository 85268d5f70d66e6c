/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "glue.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/wims_buf.h"
#include "mint.h"
#include "store/wims_record.h"
#include "wk_params.h"
#include "wk_stats.h"
#include "wk_store.h"

static char dir[] = "/tmp/wims-store-XXXXXX";

static int setup(void **state)
{
	ksr_reset();
	memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
	wk_params.state_dir = mkdtemp(dir);
	return wk_params.state_dir == NULL || wk_stats_register() < 0;
}

static int teardown(void **state)
{
	char *command = mint_text("chmod -R u+rwx %s && rm -r %s", dir, dir);
	int status = system(command);

	free(command);
	return status;
}

static char *path_of(const char *name)
{
	return mint_text("%s/%s", dir, name);
}

static void put(const char *name, const char *text, mode_t mode)
{
	char *path = path_of(name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	free(path);
}

static size_t files(void)
{
	DIR *d = opendir(dir);
	size_t n = 0;

	while(readdir(d) != NULL)
		n++;
	closedir(d);
	return n - 2; /* . and .. */
}

static bool write_text(void *ctx, struct wims_buf *out)
{
	return wims_buf_add(out, wims_pl_str(ctx));
}

static bool write_nothing(void *ctx, struct wims_buf *out)
{
	(*(int *)ctx)++;
	return false;
}

static enum wims_reason save(const char *name, const char *text)
{
	return wk_store_save(name, write_text, (void *)text);
}

static void assert_holds(const char *name, const char *text)
{
	struct wims_buf body;

	assert_true(wk_store_load(name, 1024, &body));
	assert_true(wims_pl_eq(wims_buf_pl(&body), wims_pl_str(text)));
	wims_buf_clear(&body);
}

static void assert_nothing(const char *name, const char *log)
{
	struct wims_buf body;

	ksr_log_clear();
	assert_false(wk_store_load(name, 1024, &body));
	assert_int_equal(body.len, 0);
	wims_buf_clear(&body);
	if(log == NULL)
		assert_string_equal(ksr_log(), "");
	else
		assert_contains(ksr_log(), log);
}

static void test_round(void **state)
{
	char *path = path_of("keys.state");
	struct stat st;

	assert_int_equal(wk_store_init(), 0);
	assert_true(wk_store_on());
	assert_nothing("keys", NULL);
	assert_int_equal(save("keys", "one"), WIMS_OK);
	assert_int_equal(save("revocations", ""), WIMS_OK);
	assert_int_equal(save("keys", "two"), WIMS_OK);
	assert_holds("keys", "two");
	assert_holds("revocations", "");
	assert_int_equal(files(), 2);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_string_equal(ksr_log(), "");
	free(path);
}

static void test_off(void **state)
{
	char none[] = "";
	int calls = 0;

	wk_params.state_dir = none;
	assert_int_equal(wk_store_init(), 0);
	assert_contains(ksr_log(), "do not survive a restart");
	assert_false(wk_store_on());
	assert_int_equal(wk_store_save("keys", write_nothing, &calls), WIMS_OK);
	assert_int_equal(calls, 0);
	assert_nothing("keys", NULL);
}

static void refuse_start(const char *path, const char *why)
{
	char *want = mint_text("modparam state_dir=%s: must be a directory", path);

	ksr_log_clear();
	wk_params.state_dir = (char *)path;
	assert_int_equal(wk_store_init(), -1);
	assert_contains(ksr_log(), want);
	assert_contains(ksr_log(), why);
	free(want);
}

static void test_start(void **state)
{
	char *file = path_of("file");

	put("file", "x", 0600);
	refuse_start(file, "must be a directory");
	refuse_start("/nowhere/at/all", "No such file");
	assert_int_equal(chmod(dir, 0777), 0);
	refuse_start(dir, "by everybody");
	if(geteuid() != 0) {
		assert_int_equal(chmod(dir, 0500), 0);
		refuse_start(dir, "Permission denied");
	}
	free(file);
}

/* Whatever stands there: one line, and a start without it. */
static void test_damaged(void **state)
{
	assert_int_equal(save("keys", "one"), WIMS_OK);
	put("other.state", "webrtc_ims 1 keys 3 00\none", 0600);
	assert_nothing("other", "other.state is ignored: is of another kind");
	put("other.state", "", 0600);
	assert_nothing("other", "other.state is ignored: is no state file");
	put("keys.state", "webrtc_ims 1 keys 3 00\none", 0600);
	assert_nothing("keys", "keys.state is ignored: is damaged");
	assert_int_equal(save("keys", "good again"), WIMS_OK);
	assert_holds("keys", "good again");
}

static void test_too_long(void **state)
{
	char text[1026];

	memset(text, 'x', sizeof(text));
	text[1025] = '\0';
	assert_int_equal(save("keys", text + 1), WIMS_OK);
	assert_holds("keys", text + 1);
	assert_int_equal(save("keys", text), WIMS_OK);
	assert_nothing("keys", "keys.state is ignored: too long");
}

static void test_link(void **state)
{
	char *link = path_of("keys.state"), *temp = path_of("keys.tmp"), *other = path_of("other");

	put("other", "not ours", 0600);
	assert_int_equal(symlink(other, link), 0);
	assert_nothing("keys", "keys.state is ignored");
	assert_int_equal(symlink(other, temp), 0);
	assert_int_equal(save("keys", "one"), WIMS_CONFIG_FILE);
	assert_contains(wk_store_fault(), "open: ");
	assert_int_equal(save("keys", "one"), WIMS_OK); /* the link is gone */
	assert_holds("keys", "one");
	free(link);
	free(temp);
	free(other);
}

/* The old file stays whole, and the answer says why. */
static void test_failures(void **state)
{
	char *temp = path_of("keys.tmp");
	int calls = 0;

	assert_int_equal(save("keys", "old"), WIMS_OK);
	assert_int_equal(mkdir(temp, 0700), 0);
	assert_int_equal(save("keys", "new"), WIMS_CONFIG_FILE);
	assert_contains(wk_store_fault(), "open: Is a directory");
	assert_contains(ksr_log(), "keys.state is not saved: open: ");
	assert_int_equal(rmdir(temp), 0);
	assert_int_equal(wk_store_save("keys", write_nothing, &calls), WIMS_NOMEM);
	assert_int_equal(calls, 1);
	assert_contains(wk_store_fault(), "no_memory");
	assert_int_equal(save("../keys", "new"), WIMS_CONFIG_VALUE);
	assert_holds("keys", "old");
	assert_int_equal(files(), 1);
	assert_int_equal(ksr_counter("state_failures"), 3);
	wk_params.state_dir = temp;
	assert_int_equal(save("keys", "new"), WIMS_CONFIG_FILE);
	assert_contains(wk_store_fault(), "open: No such file");
	free(temp);
}

/* A disk that is full: a limit on the size of files is the nearest thing. */
static void test_full(void **state)
{
	static char text[8192];
	pid_t child;
	int status;

	memset(text, 'x', sizeof(text) - 1);
	assert_int_equal(save("keys", "old"), WIMS_OK);
	if((child = fork()) == 0) {
		struct rlimit limit = {4096, 4096};

		signal(SIGXFSZ, SIG_IGN);
		if(setrlimit(RLIMIT_FSIZE, &limit) != 0)
			_exit(2);
		_exit(save("keys", text) != WIMS_CONFIG_FILE
			  || strstr(wk_store_fault(), "write: File too large") == NULL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_holds("keys", "old");
	assert_int_equal(files(), 1);
}

/* Writes numbers that a reader can check: n, n times. */
static bool write_many(void *ctx, struct wims_buf *out)
{
	int i, n = *(int *)ctx;
	char line[16];

	snprintf(line, sizeof(line), "%d\n", n);
	for(i = 0; i < n; i++)
		if(!wims_buf_add(out, wims_pl_str(line)))
			return false;
	return true;
}

static void save_for_ever(void)
{
	int n;

	for(n = 1;; n = n % 5000 + 1)
		if(wk_store_save("keys", write_many, &n) != WIMS_OK)
			_exit(1);
}

/* Two writers, killed wherever they are: what is there is whole. */
static void test_killed(void **state)
{
	struct wims_buf body;
	pid_t child[2];
	int round, i, status;

	for(round = 0; round < 25; round++) {
		for(i = 0; i < 2; i++)
			if((child[i] = fork()) == 0)
				save_for_ever();
		usleep((useconds_t)(2000 + round * 1000));
		for(i = 0; i < 2; i++)
			kill(child[i], SIGKILL);
		for(i = 0; i < 2; i++) {
			assert_int_equal(waitpid(child[i], &status, 0), child[i]);
			assert_true(WIFSIGNALED(status));
		}
		if(wk_store_load("keys", 65536, &body))
			assert_int_equal(body.p[body.len - 1], '\n');
		wims_buf_clear(&body);
		assert_string_equal(ksr_log(), "");
	}
	assert_int_equal(save("keys", "after"), WIMS_OK);
	assert_holds("keys", "after");
	assert_int_equal(files(), 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
			T(test_round), T(test_off),      T(test_start), T(test_damaged), T(test_too_long),
			T(test_link),  T(test_failures), T(test_full),  T(test_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
