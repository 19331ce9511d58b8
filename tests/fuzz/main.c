/*
 * Stands in for libFuzzer where a corpus is only replayed: runs the target
 * once over each file named on the command line.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 1 << 20 };

/*
 * The input stands in a block of its exact size, so that the sanitizer sees
 * a step past its end.
 */
static void
run_input(const uint8_t *input, size_t len)
{
	uint8_t *exact = malloc(len == 0 ? 1 : len);

	if (exact == NULL)
		abort();
	for (size_t i = 0; i < len; i++)
		exact[i] = input[i];
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
}

static int
run_file(const char *path)
{
	static uint8_t input[INPUT_MAX];
	FILE *file = fopen(path, "re");
	size_t len;

	if (file == NULL) {
		perror(path);
		return 1;
	}
	len = fread(input, 1, sizeof(input), file);
	fclose(file);
	run_input(input, len);
	return 0;
}

int
main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= run_file(argv[i]);
	printf("%s: %d inputs\n", argv[0], argc - 1);
	return failed;
}
