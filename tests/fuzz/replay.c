/*
 * Copyright (C) 2026 the webrtc_ims authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
/* main() for a fuzz target without libFuzzer: runs it on every file of the
 * folders given. */

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"

enum
{
	INPUT_MAX = 1024 * 1024,
	PATH_ROOM = 1024
};

/* The input lies in a block of its own size, so that a read past its end is
 * seen. */
static bool replay_file(const char *path)
{
	static uint8_t buf[INPUT_MAX];
	FILE *f = fopen(path, "rb");
	uint8_t *input;
	size_t n;

	if(f == NULL)
		return false;
	n = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	input = malloc(n > 0 ? n : 1);
	if(input == NULL)
		return false;
	memcpy(input, buf, n);
	LLVMFuzzerTestOneInput(input, n);
	free(input);
	return true;
}

static long replay_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[PATH_ROOM];
	long count = 0;

	if(dir == NULL)
		return -1;
	while(count >= 0 && (entry = readdir(dir)) != NULL) {
		if(entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		count = replay_file(path) ? count + 1 : -1;
	}
	closedir(dir);
	return count;
}

int main(int argc, char **argv)
{
	int i;

	for(i = 1; i < argc; i++) {
		long count = replay_folder(argv[i]);

		/* an empty folder would prove nothing */
		if(count <= 0) {
			fprintf(stderr, "FAIL replay %s: no readable input\n", argv[i]);
			return 1;
		}
		printf("ok   replay %s: %ld inputs\n", argv[i], count);
	}
	return 0;
}
