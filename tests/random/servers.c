#include "servers.h"

#include <ldns/ldns.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SERVERS_MAX = 256, WORLDS_MAX = 8, CHAIN_MAX = 16 };

/* The records that some servers know, SOAs included. */
struct world {
	char *name;
	ldns_rr_list *records;
};

struct server {
	struct addr address;
	enum behaviour behaviour;
	uint8_t rcode;		   /* what it always says */
	uint8_t aaaa;		   /* or, not 0, says of every AAAA */
	const struct world *world; /* or, not NULL, what it answers from */
};

struct servers {
	struct world worlds[WORLDS_MAX];
	size_t world_count;
	struct server servers[SERVERS_MAX];
	size_t server_count;
};

struct servers *
servers_new(void)
{
	return calloc(1, sizeof(struct servers));
}

void
servers_free(struct servers *servers)
{
	for (size_t i = 0; i < servers->world_count; i++) {
		free(servers->worlds[i].name);
		ldns_rr_list_deep_free(servers->worlds[i].records);
	}
	free(servers);
}

static bool
refuse(const char *line)
{
	fprintf(stderr, "not a line of a case: %s\n", line);
	return false;
}

static bool
add_world(struct servers *servers, const char *name)
{
	if (servers->world_count == WORLDS_MAX)
		return refuse(name);
	servers->worlds[servers->world_count++] = (struct world){
	    .name = strdup(name),
	    .records = ldns_rr_list_new(),
	};
	return true;
}

static bool
add_record(struct servers *servers, const char *text)
{
	ldns_rr *rr = NULL;

	if (servers->world_count == 0 ||
	    ldns_rr_new_frm_str(&rr, text, 0, NULL, NULL) != LDNS_STATUS_OK)
		return refuse(text);
	return ldns_rr_list_push_rr(servers->worlds[servers->world_count - 1]
					.records,
	    rr);
}

static const struct world *
find_world(const struct servers *servers, const char *name)
{
	for (size_t i = 0; i < servers->world_count; i++) {
		if (strcmp(servers->worlds[i].name, name) == 0)
			return &servers->worlds[i];
	}
	return NULL;
}

static bool
set_silent(const struct servers *servers, struct server *server,
    const char *value)
{
	(void)servers;
	(void)value;
	server->behaviour = SERVER_SILENT;
	return true;
}

static bool
set_unreachable(const struct servers *servers, struct server *server,
    const char *value)
{
	(void)servers;
	(void)value;
	server->behaviour = SERVER_UNREACHABLE;
	return true;
}

static bool
set_rcode(const struct servers *servers, struct server *server,
    const char *value)
{
	(void)servers;
	server->rcode = (uint8_t)strtoul(value, NULL, 10);
	return server->rcode != 0;
}

static bool
set_aaaa(const struct servers *servers, struct server *server,
    const char *value)
{
	(void)servers;
	server->aaaa = (uint8_t)strtoul(value, NULL, 10);
	return server->aaaa != 0;
}

static bool
set_world(const struct servers *servers, struct server *server,
    const char *value)
{
	server->world = find_world(servers, value);
	return server->world != NULL;
}

/* One word, and perhaps its value, of what a server does. */
static bool
set_behaviour(const struct servers *servers, struct server *server,
    const char *word, const char *value)
{
	static const struct {
		const char *word;
		bool (*set)(const struct servers *servers,
		    struct server *server, const char *value);
	} behaviours[] = {
	    {"silent", set_silent},
	    {"unreachable", set_unreachable},
	    {"rcode", set_rcode},
	    {"aaaa", set_aaaa},
	    {"world", set_world},
	};

	for (size_t i = 0; i < sizeof(behaviours) / sizeof(behaviours[0]);
	     i++) {
		if (strcmp(word, behaviours[i].word) == 0)
			return behaviours[i].set(servers, server, value);
	}
	return false;
}

/* "ADDRESS silent", or unreachable, "rcode N", "world NAME [aaaa N]" */
static bool
add_server(struct servers *servers, const char *text)
{
	struct server server = {.behaviour = SERVER_ANSWERS};
	char words[5][64] = {"", "", "", "", ""};
	const int count = sscanf(text, "%63s %63s %63s %63s %63s", words[0],
	    words[1], words[2], words[3], words[4]);

	if (servers->server_count == SERVERS_MAX || count < 2 ||
	    !addr_parse(words[0], 53, &server.address) ||
	    !set_behaviour(servers, &server, words[1], words[2]) ||
	    (count == 5 &&
		!set_behaviour(servers, &server, words[3], words[4])))
		return refuse(text);
	servers->servers[servers->server_count++] = server;
	return true;
}

bool
servers_line(struct servers *servers, const char *line)
{
	static const struct {
		const char *word;
		bool (*add)(struct servers *servers, const char *text);
	} words[] = {
	    {"world ", add_world},
	    {"record ", add_record},
	    {"server ", add_server},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const size_t len = strlen(words[i].word);

		if (strncmp(line, words[i].word, len) == 0)
			return words[i].add(servers, line + len);
	}
	return refuse(line);
}

static const struct server *
find_server(const struct servers *servers, const struct addr *address)
{
	for (size_t i = 0; i < servers->server_count; i++) {
		if (addr_equal(&servers->servers[i].address, address))
			return &servers->servers[i];
	}
	return NULL;
}

enum behaviour
servers_behaviour(const struct servers *servers, const struct addr *address)
{
	const struct server *server = find_server(servers, address);

	return server == NULL ? SERVER_UNREACHABLE : server->behaviour;
}

static bool
is_at_or_under(const ldns_rdf *name, const ldns_rdf *apex)
{
	return ldns_dname_compare(name, apex) == 0 ||
	    ldns_dname_is_subdomain(name, apex);
}

/* The SOA of the zone that a name is in, or NULL. */
static const ldns_rr *
soa_of(const struct world *world, const ldns_rdf *name)
{
	const ldns_rr *found = NULL;

	for (size_t i = 0; i < ldns_rr_list_rr_count(world->records); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(world->records, i);

		if (ldns_rr_get_type(rr) != LDNS_RR_TYPE_SOA ||
		    !is_at_or_under(name, ldns_rr_owner(rr)))
			continue;
		if (found == NULL ||
		    is_at_or_under(ldns_rr_owner(rr), ldns_rr_owner(found)))
			found = rr;
	}
	return found;
}

static bool
exists(const struct world *world, const ldns_rdf *name)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(world->records); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(world->records, i);

		if (is_at_or_under(ldns_rr_owner(rr), name))
			return true;
	}
	return false;
}

/* Adds a name's records of a type to the answer; returns the last one. */
static const ldns_rr *
push_set(const struct world *world, const ldns_rdf *name, ldns_rr_type type,
    ldns_pkt *reply)
{
	const ldns_rr *last = NULL;

	for (size_t i = 0; i < ldns_rr_list_rr_count(world->records); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(world->records, i);

		if (ldns_rr_get_type(rr) != type ||
		    ldns_dname_compare(ldns_rr_owner(rr), name) != 0)
			continue;
		ldns_pkt_push_rr(reply, LDNS_SECTION_ANSWER, ldns_rr_clone(rr));
		last = rr;
	}
	return last;
}

/* A chain that a recursive server would not give out. */
static void
give_up(ldns_pkt *reply)
{
	ldns_rr_list_deep_free(ldns_pkt_answer(reply));
	ldns_pkt_set_answer(reply, ldns_rr_list_new());
	ldns_pkt_set_section_count(reply, LDNS_SECTION_ANSWER, 0);
	ldns_pkt_set_rcode(reply, LDNS_RCODE_SERVFAIL);
}

/*
 * Follows the question to its end, as a recursive server does, or to where
 * this world ends, as an authoritative one does.
 */
static void
follow(const struct world *world, const ldns_rr *question, ldns_pkt *reply)
{
	const ldns_rr_type type = ldns_rr_get_type(question);
	const ldns_rdf *name = ldns_rr_owner(question);

	for (unsigned links = 0; links <= CHAIN_MAX; links++) {
		const ldns_rr *soa = soa_of(world, name);
		const ldns_rr *alias;

		if (soa == NULL && links == 0)
			ldns_pkt_set_rcode(reply, LDNS_RCODE_REFUSED);
		if (soa == NULL || push_set(world, name, type, reply) != NULL)
			return;
		alias = push_set(world, name, LDNS_RR_TYPE_CNAME, reply);
		if (alias != NULL) {
			name = ldns_rr_rdf(alias, 0);
			continue;
		}
		ldns_pkt_push_rr(reply, LDNS_SECTION_AUTHORITY,
		    ldns_rr_clone(soa));
		if (!exists(world, name))
			ldns_pkt_set_rcode(reply, LDNS_RCODE_NXDOMAIN);
		return;
	}
	give_up(reply);
}

static ldns_pkt *
reply_to(const ldns_pkt *query, const struct server *server)
{
	const ldns_rr *question = ldns_rr_list_rr(ldns_pkt_question(query), 0);
	ldns_pkt *reply = ldns_pkt_new();

	ldns_pkt_set_id(reply, ldns_pkt_id(query));
	ldns_pkt_set_qr(reply, true);
	ldns_pkt_set_rd(reply, true);
	ldns_pkt_set_ra(reply, true);
	ldns_pkt_set_rcode(reply, server->rcode);
	ldns_pkt_push_rr(reply, LDNS_SECTION_QUESTION, ldns_rr_clone(question));
	if (server->aaaa != 0 &&
	    ldns_rr_get_type(question) == LDNS_RR_TYPE_AAAA) {
		ldns_pkt_set_rcode(reply, server->aaaa);
	} else if (server->world != NULL) {
		follow(server->world, question, reply);
	}
	return reply;
}

size_t
servers_answer(const struct servers *servers, const struct addr *address,
    const struct servers_question *question, uint8_t *out, size_t cap)
{
	ldns_pkt *query = NULL;
	ldns_pkt *reply;
	uint8_t *wire = NULL;
	size_t len = 0;

	if (ldns_wire2pkt(&query, question->wire, question->len) !=
	    LDNS_STATUS_OK)
		return 0;
	reply = reply_to(query, find_server(servers, address));
	if (ldns_pkt2wire(&wire, reply, &len) != LDNS_STATUS_OK || len > cap)
		len = 0;
	if (len > 0)
		memcpy(out, wire, len);
	free(wire);
	ldns_pkt_free(reply);
	ldns_pkt_free(query);
	return len;
}
