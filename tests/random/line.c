#include "line.h"

#include <ctype.h>
#include <ldns/ldns.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SET_MAX = 64 };

/* Folds the letters of a text where it holds names only. */
static void
fold(char *text)
{
	for (; *text != '\0'; text++)
		*text = (char)tolower((unsigned char)*text);
}

/* Whether a type's rdata is names, numbers and addresses: case is free. */
static bool
folds(ldns_rr_type type)
{
	return type != LDNS_RR_TYPE_TXT;
}

/* "OWNER TTL TYPE RDATA", on the heap. */
static char *
record_text(const ldns_rr *rr)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	char *owner = ldns_rdf2str(ldns_rr_owner(rr));
	char *type = ldns_rr_type2str(ldns_rr_get_type(rr));

	fold(owner);
	fprintf(out, "%s %u %s", owner, ldns_rr_ttl(rr), type);
	for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
		char *rdata = ldns_rdf2str(ldns_rr_rdf(rr, i));

		if (folds(ldns_rr_get_type(rr)))
			fold(rdata);
		fprintf(out, " %s", rdata);
		free(rdata);
	}
	fclose(out);
	free(owner);
	free(type);
	return text;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Prints the texts in order and forgets them. */
static void
print_set(char **texts, size_t count)
{
	qsort(texts, count, sizeof(*texts), by_text);
	for (size_t i = 0; i < count; i++) {
		printf(" | %s", texts[i]);
		free(texts[i]);
	}
}

static bool
same_set(const ldns_rr *a, const ldns_rr *b)
{
	return ldns_rr_get_type(a) == ldns_rr_get_type(b) &&
	    ldns_dname_compare(ldns_rr_owner(a), ldns_rr_owner(b)) == 0;
}

static void
print_answer(const ldns_rr_list *answer)
{
	char *set[SET_MAX];
	size_t count = 0;

	for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(answer, i);

		if (count == SET_MAX ||
		    (i > 0 && !same_set(rr, ldns_rr_list_rr(answer, i - 1)))) {
			print_set(set, count);
			count = 0;
		}
		set[count++] = record_text(rr);
	}
	print_set(set, count);
}

static void
print_authority(const ldns_rr_list *authority)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(authority); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(authority, i);
		char *type = ldns_rr_type2str(ldns_rr_get_type(rr));
		char *owner = ldns_rdf2str(ldns_rr_owner(rr));

		fold(owner);
		printf(" | %s of %s %u", type, owner, ldns_rr_ttl(rr));
		free(owner);
		free(type);
	}
}

bool
line_print(const uint8_t *wire, size_t len)
{
	ldns_pkt *packet = NULL;
	char *rcode;

	if (ldns_wire2pkt(&packet, wire, len) != LDNS_STATUS_OK)
		return false;
	rcode = ldns_pkt_rcode2str(ldns_pkt_get_rcode(packet));
	printf("%s%s", rcode, ldns_pkt_tc(packet) ? " truncated" : "");
	print_answer(ldns_pkt_answer(packet));
	print_authority(ldns_pkt_authority(packet));
	printf("\n");
	free(rcode);
	ldns_pkt_free(packet);
	return true;
}
