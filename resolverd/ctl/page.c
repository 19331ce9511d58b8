#include "ctl/page.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ctl/http_call.h"
#include "io/entropy.h"

enum { NONCE_TEXT = 33, POLICY = 512 };

static const char mark[] = "@NONCE@";

/* What the page may do: draw itself, and ask us. */
static const char policy[] =
    "default-src 'none'; script-src 'nonce-%s'; style-src 'nonce-%s'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'";

/* Known to nobody before, so that nothing else in the page may run. */
static void
make_nonce(char nonce[NONCE_TEXT])
{
	uint64_t words[2];

	entropy_fill(words, sizeof(words));
	snprintf(nonce, NONCE_TEXT, "%016" PRIx64 "%016" PRIx64, words[0],
	    words[1]);
}

/* Writes the document with the nonce in all its places. */
static void
write_document(FILE *out, const char *nonce)
{
	const char *at = page_document;
	const char *end = page_document + page_size;
	const char *found;

	while ((found = memmem(at, (size_t)(end - at), mark,
		    sizeof(mark) - 1)) != NULL) {
		fwrite(at, (size_t)(found - at), 1, out);
		fputs(nonce, out);
		at = found + sizeof(mark) - 1;
	}
	fwrite(at, (size_t)(end - at), 1, out);
}

void
page_run(struct http_call *call)
{
	char nonce[NONCE_TEXT];
	char text[POLICY];

	make_nonce(nonce);
	snprintf(text, sizeof(text), policy, nonce, nonce);
	write_document(call->out, nonce);
	http_call_send_page(call, text);
}
