#ifndef CONFIG_TEXT_FILE_H
#define CONFIG_TEXT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A file's octets in a block from the heap. */
struct text_file {
	char *text;
	size_t len;
};

/* What reading came to. */
enum text_file_result {
	TEXT_FILE_OK,
	TEXT_FILE_LONG,	  /* more than limit octets */
	TEXT_FILE_FAILED, /* errno says why */
};

/*
 * Reads a file from its current place to its end, at most limit octets.  What
 * it fills in is the caller's to text_file_free, whatever the result.
 */
enum text_file_result
text_file_read(FILE *file, size_t limit, struct text_file *out);

void text_file_free(struct text_file *file);

#endif
