/*
 * A document of any tool, taken into a configuration: as JSON, as YAML and as
 * a zone file, for a configuration and with a report.  What a report takes
 * over can be dumped.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config/dump.h"
#include "config/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A path that leads to the octets. */
static int
file_of(const uint8_t *data, size_t size, char *path, size_t len)
{
	const int fd = memfd_create("import", MFD_CLOEXEC);

	if (fd == -1 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, len, "/proc/self/fd/%d", fd);
	return fd;
}

static void
with_report(char *path, FILE *nowhere)
{
	struct model model;

	model_init(&model);
	import_paths(&path, 1, &model, nowhere);
	dump_model(&model, nowhere);
	model_fini(&model);
}

static void
for_configuration(char *path)
{
	struct model_text file = {.text = path,
	    .mark = {.file = "f", .line = 1}};
	struct model model;
	struct diag diag;
	bool good;

	model_init(&model);
	diag_init(&diag);
	model.resource_files = (struct model_list){.items = &file, .count = 1};
	good = import_load(&model, "f", &diag);
	if (good != (diag.errors == 0))
		abort();
	diag_fini(&diag);
	model_fini(&model);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *nowhere;
	char path[64];
	int fd;

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "we");
	if (nowhere == NULL)
		abort();
	fd = file_of(data, size, path, sizeof(path));
	with_report(path, nowhere);
	for_configuration(path);
	close(fd);
	return 0;
}
