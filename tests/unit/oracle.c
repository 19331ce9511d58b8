#include "oracle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dns/message.h"

static void
push_records(ldns_pkt *packet, ldns_pkt_section section, const char *text)
{
	char *copy = strdup(text == NULL ? "" : text);
	char *rest = NULL;

	assert_non_null(copy);
	for (char *line = strtok_r(copy, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		ldns_rr *rr = NULL;

		assert_int_equal(ldns_rr_new_frm_str(&rr, line, 0, NULL, NULL),
		    LDNS_STATUS_OK);
		assert_true(ldns_pkt_push_rr(packet, section, rr));
	}
	free(copy);
}

static void
set_flags(ldns_pkt *packet, uint16_t flags)
{
	ldns_pkt_set_qr(packet, (flags & FLAG_QR) != 0);
	ldns_pkt_set_aa(packet, (flags & FLAG_AA) != 0);
	ldns_pkt_set_tc(packet, (flags & FLAG_TC) != 0);
	ldns_pkt_set_rd(packet, (flags & FLAG_RD) != 0);
	ldns_pkt_set_ra(packet, (flags & FLAG_RA) != 0);
	ldns_pkt_set_ad(packet, (flags & FLAG_AD) != 0);
	ldns_pkt_set_cd(packet, (flags & FLAG_CD) != 0);
	ldns_pkt_set_rcode(packet, flags & FLAG_RCODE);
}

static size_t
to_wire(const ldns_pkt *packet, uint8_t wire[ORACLE_MAX])
{
	uint8_t *bytes = NULL;
	size_t len = 0;

	assert_int_equal(ldns_pkt2wire(&bytes, packet, &len), LDNS_STATUS_OK);
	assert_true(len <= ORACLE_MAX);
	memcpy(wire, bytes, len);
	free(bytes);
	return len;
}

size_t
oracle_write(const struct oracle_message *message, uint8_t wire[ORACLE_MAX])
{
	ldns_pkt *packet =
	    ldns_pkt_query_new(ldns_dname_new_frm_str(message->name),
		(ldns_rr_type)message->type, LDNS_RR_CLASS_IN, 0);
	size_t len;

	assert_non_null(packet);
	ldns_pkt_set_id(packet, message->id);
	set_flags(packet, message->flags);
	push_records(packet, LDNS_SECTION_ANSWER, message->answer);
	push_records(packet, LDNS_SECTION_AUTHORITY, message->authority);
	push_records(packet, LDNS_SECTION_ADDITIONAL, message->additional);
	if (message->edns)
		ldns_pkt_set_edns_udp_size(packet, 1232);
	len = to_wire(packet, wire);
	ldns_pkt_free(packet);
	return len;
}

ldns_pkt *
oracle_read(const uint8_t *wire, size_t len)
{
	ldns_pkt *packet = NULL;

	assert_int_equal(ldns_wire2pkt(&packet, wire, len), LDNS_STATUS_OK);
	return packet;
}

static void
tabs_to_spaces(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\t')
			*text = ' ';
	}
}

const char *
oracle_section(const uint8_t *wire, size_t len, ldns_pkt_section section)
{
	static char *text;
	ldns_pkt *packet = oracle_read(wire, len);
	ldns_rr_list *list = ldns_pkt_get_section_clone(packet, section);

	free(text);
	text = ldns_rr_list2str(list);
	assert_non_null(text);
	tabs_to_spaces(text);
	ldns_rr_list_deep_free(list);
	ldns_pkt_free(packet);
	return text;
}
