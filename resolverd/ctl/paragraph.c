#include "ctl/paragraph.h"

#include <string.h>

void
paragraph_print(const char *words, size_t margin, FILE *out)
{
	size_t column = margin;

	while (*words != '\0') {
		const size_t len = strcspn(words, " ");

		if (column > margin && column + 1 + len > PARAGRAPH_WIDTH) {
			fprintf(out, "\n%*s", (int)margin, "");
			column = margin;
		} else if (column > margin) {
			putc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", (int)len, words);
		column += len;
		words += len + strspn(words + len, " ");
	}
	putc('\n', out);
}
