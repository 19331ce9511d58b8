/*
 * The options of an OPT record, as they come from either side.  The first
 * octet is the block that a question with the same cookie is padded to.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <ldns/ldns.h>

#include "base/utf8.h"
#include "dns/edns.h"
#include "dns/message.h"
#include "dns/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_SIZE = 1024, WIRE_SIZE = 1024 };

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_cookie(const struct cookie *a, const struct cookie *b)
{
	must(a->server_len == 0 ||
	    (a->server_len >= COOKIE_SERVER_MIN &&
		a->server_len <= COOKIE_SERVER_MAX));
	must(a->server_len == b->server_len);
	must(memcmp(a->client, b->client, COOKIE_CLIENT) == 0);
	must(memcmp(a->server, b->server, a->server_len) == 0);
}

/* A text that may be shown to anybody. */
static void
check_text(const char *text)
{
	const uint8_t *at = (const uint8_t *)text;
	const uint8_t *end = at + strlen(text);

	must(end - at <= EDNS_TEXT);
	while (at < end) {
		const size_t len = utf8_size(at, (size_t)(end - at));

		must(len > 0 && *at >= ' ' && *at != 0x7f);
		must(len != 2 || utf8_point(at, len) >= 0xa0);
		at += len;
	}
}

static void
check_error(const struct edns_options *found)
{
	static uint8_t memory[ARENA_SIZE];
	struct arena arena;
	const struct edns_error *error;

	arena_init(&arena, memory, sizeof(memory));
	error = edns_error_keep(found, &arena);
	must(error != NULL && error->code == found->error_code);
	check_text(error->text);
}

static void
check_ldns(const uint8_t *wire, size_t len)
{
	ldns_pkt *packet = NULL;

	must(ldns_wire2pkt(&packet, wire, len) == LDNS_STATUS_OK);
	must(ldns_pkt_edns(packet));
	ldns_pkt_free(packet);
}

/* A question that carries this cookie, read by ourselves and by ldns. */
static void
check_question(const struct cookie *cookie, uint8_t block)
{
	static const struct question question = {
	    .name = {.len = 9, .labels = 1, .wire = "\7example"},
	    .type = TYPE_A,
	    .class = CLASS_IN,
	};
	const struct asking asking = {
	    .udp_size = UDP_SIZE_SAFE,
	    .cookie = cookie,
	    .block = block,
	};
	const size_t options = HEADER_SIZE + 9 + 4 + OPT_SIZE;
	uint8_t wire[WIRE_SIZE];
	const size_t len =
	    request_build(&asking, &question, wire, sizeof(wire));
	struct edns_options again;
	struct request request;

	must(len >= options && (block == 0 || len % block == 0));
	must(request_parse(&request, wire, len) == PARSE_OK);
	must(edns_read(&again, wire + options, len - options));
	must(again.has_cookie && !again.has_error);
	check_cookie(cookie, &again.cookie);
	check_ldns(wire, len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct edns_options found;

	if (size == 0 || !edns_read(&found, data + 1, size - 1))
		return 0;
	if (found.has_cookie)
		check_question(&found.cookie, data[0]);
	if (found.has_error)
		check_error(&found);
	return 0;
}
