#include "ctl/startup.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/log.h"
#include "core/cache.h"
#include "core/loop.h"
#include "core/query.h"
#include "ctl/control.h"
#include "ctl/http_guard.h"
#include "io/clock.h"
#include "io/entropy.h"
#include "io/link.h"
#include "io/socket.h"
#include "model/listening.h"

enum {
	WORKERS_MAX = 4,   /* unless the operator wants more */
	FILES_LEAST = 256, /* fewer would not do for anything */
	/* Standard streams, control thread, log; who asks by socket or HTTP. */
	FILES_OWN = 40 + CONTROL_CONNECTIONS + HTTP_GUARD_CONNECTIONS,
	/* Event loop, mailbox, connections to servers. */
	FILES_WORKER = 8 + LINKS,
	FILES_LISTENER = 2, /* UDP and TCP */
	QUERIES_LEAST = 16,
	CLIENTS_LEAST = 4,
	SCRATCH_BLOCK = 4096,
};

/* A share of a whole for each worker, rounded up. */
static size_t
startup_share(uint64_t whole, unsigned workers, size_t least)
{
	const uint64_t share = (whole + workers - 1) / workers;

	return share < least ? least : (size_t)share;
}

/* Whether the host has the address's family at all. */
static bool
startup_possible(const struct addr *addr)
{
	struct addr any_port = *addr;

	addr_set_port(&any_port, 0);
	return socket_probe(&any_port, SOCK_DGRAM);
}

/* One of the default addresses may be of a family the host lacks. */
static void
startup_listen_add(struct boot *boot, const struct model_addr *listen)
{
	if (listen->mark.file == NULL && !startup_possible(&listen->addr))
		return;
	boot->listen[boot->listen_count++] = listen->addr;
}

/* Adds the addresses of the sockets that were handed over, each once. */
static void
startup_listen_handed(struct boot *boot, const struct activation *activation)
{
	for (size_t i = 0; i < activation->count; i++) {
		const struct addr *addr = &activation->sockets[i].addr;
		size_t n = 0;

		while (n < boot->listen_count &&
		    !addr_equal(&boot->listen[n], addr))
			n++;
		if (n == boot->listen_count)
			boot->listen[boot->listen_count++] = *addr;
	}
}

static bool
startup_listen(struct boot *boot, const struct model *model,
    const struct activation *activation)
{
	const bool handed = activation->count > 0 && model->listen.count == 0;

	struct arena scratch;
	struct model_list list;
	const struct model_addr *listen;

	arena_init_heap(&scratch, SCRATCH_BLOCK);
	if (listening_addresses(model, &scratch, &list)) {
		boot->listen = calloc(list.count + activation->count,
		    sizeof(*boot->listen));
	}
	listen = list.items;
	if (boot->listen != NULL && handed)
		startup_listen_handed(boot, activation);
	for (size_t i = 0; boot->listen != NULL && i < list.count; i++) {
		/* The default ones, without a mark, are not meant then. */
		if (!handed || listen[i].mark.file != NULL)
			startup_listen_add(boot, &listen[i]);
	}
	arena_fini(&scratch);
	return boot->listen != NULL;
}

/* The cores this process may use, within a bound. */
static unsigned
startup_cores(void)
{
	cpu_set_t set;
	unsigned cores = 1;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		cores = (unsigned)CPU_COUNT(&set);
	return cores > WORKERS_MAX ? WORKERS_MAX : cores;
}

static bool
startup_ports(struct boot *boot)
{
	const size_t count = boot->workers * boot->listen_count;

	boot->ports = calloc(count, sizeof(*boot->ports));
	if (boot->ports == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		boot->ports[i] = (struct port){
		    .addr = &boot->listen[i % boot->listen_count],
		    .udp = -1,
		    .tcp = -1,
		};
	}
	return true;
}

static bool
startup_loops(struct boot *boot)
{
	struct hash_key key;

	boot->loops = calloc(1, sizeof(*boot->loops));
	if (boot->loops == NULL)
		return false;
	entropy_fill(&key, sizeof(key));
	loop_init(boot->loops, &key);
	return true;
}

/* Descriptors that are needed however little is going on. */
static size_t
startup_files_fixed(const struct boot *boot)
{
	return FILES_OWN +
	    boot->workers *
	    (FILES_WORKER + boot->listen_count * FILES_LISTENER);
}

/* The limit of open files, raised to `wanted` where that is allowed. */
static size_t
startup_files_limit(size_t wanted)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 0;
	if (limit.rlim_cur < wanted) {
		limit.rlim_cur =
		    limit.rlim_max < wanted ? limit.rlim_max : wanted;
		if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
			getrlimit(RLIMIT_NOFILE, &limit);
	}
	return limit.rlim_cur > wanted ? wanted : (size_t)limit.rlim_cur;
}

/* Lowers the numbers to what `files` descriptors allow. */
static void
startup_shrink(struct boot *boot, size_t files)
{
	const size_t share =
	    (files - startup_files_fixed(boot)) / boot->workers;

	if (boot->tcp_clients > share / 4)
		boot->tcp_clients = share / 4;
	boot->queries = (share - boot->tcp_clients) / TRANSMISSIONS;
	log_warn("open files: a limit of %zu allows %zu queries in flight and "
		 "%zu TCP clients",
	    files, boot->queries * boot->workers,
	    boot->tcp_clients * boot->workers);
}

static enum exit_code
startup_files(struct boot *boot)
{
	const size_t each = boot->queries * TRANSMISSIONS + boot->tcp_clients;
	const size_t fixed = startup_files_fixed(boot);
	const size_t wanted = fixed + boot->workers * each;
	const size_t limit = startup_files_limit(wanted);

	if (limit >= wanted)
		return EXIT_CODE_OK;
	if (limit < FILES_LEAST ||
	    limit < fixed + (size_t)boot->workers * QUERIES_LEAST * 4) {
		log_error("open files: a limit of %zu is too low, %zu would "
			  "be right",
		    limit, wanted);
		return EXIT_CODE_OTHER;
	}
	startup_shrink(boot, limit);
	return EXIT_CODE_OK;
}

enum exit_code
startup_plan(struct boot *boot, const struct model *model,
    const struct activation *activation)
{
	boot->workers = model->workers == 0 ? startup_cores() : model->workers;
	boot->cache_file = model->cache_file.text;
	boot->cache_size =
	    startup_share(model->cache_size, boot->workers, CACHE_SIZE_MIN);
	boot->queries =
	    startup_share(model->max_queries, boot->workers, QUERIES_LEAST);
	boot->client_queries =
	    (unsigned)startup_share(model->max_queries_per_client,
		boot->workers, 1);
	boot->group_queries =
	    (unsigned)startup_share(model->max_queries_per_upstream_group,
		boot->workers, 1);
	boot->tcp_clients =
	    startup_share(model->tcp_clients, boot->workers, CLIENTS_LEAST);
	boot->client_tcp =
	    startup_share(model->tcp_clients_per_client, boot->workers, 1);
	boot->tcp_idle = model->tcp_idle_timeout * (CLOCK_SECOND / 1000);
	if (!entropy_open()) {
		log_error("random numbers: %s", strerror(errno));
		return EXIT_CODE_OTHER;
	}
	entropy_fill(&boot->key, sizeof(boot->key));
	if (!startup_loops(boot) || !startup_listen(boot, model, activation) ||
	    !startup_ports(boot)) {
		log_error("start: out of memory");
		return EXIT_CODE_MEMORY;
	}
	return startup_files(boot);
}

void
startup_fini(struct boot *boot)
{
	free(boot->loops);
	boot->loops = NULL;
	free(boot->ports);
	free(boot->listen);
	boot->ports = NULL;
	boot->listen = NULL;
}

static bool
startup_same_addresses(const struct model_list *a, const struct model_list *b)
{
	const struct model_addr *left = a->items;
	const struct model_addr *right = b->items;

	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!addr_equal(&left[i].addr, &right[i].addr))
			return false;
	}
	return true;
}

static bool
startup_same_listen(const struct model *a, const struct model *b)
{
	struct arena scratch;
	struct model_list left;
	struct model_list right;
	bool same;

	arena_init_heap(&scratch, SCRATCH_BLOCK);
	same = listening_addresses(a, &scratch, &left) &&
	    listening_addresses(b, &scratch, &right) &&
	    startup_same_addresses(&left, &right);
	arena_fini(&scratch);
	return same;
}

static bool
startup_same_http_listen(const struct model *a, const struct model *b)
{
	return startup_same_addresses(&a->http_listen, &b->http_listen);
}

static bool
startup_same_workers(const struct model *a, const struct model *b)
{
	return a->workers == b->workers;
}

static bool
startup_same_cache_size(const struct model *a, const struct model *b)
{
	return a->cache_size == b->cache_size;
}

static bool
startup_same_max_queries(const struct model *a, const struct model *b)
{
	return a->max_queries == b->max_queries;
}

static bool
startup_same_queries_per_client(const struct model *a, const struct model *b)
{
	return a->max_queries_per_client == b->max_queries_per_client;
}

static bool
startup_same_queries_per_group(const struct model *a, const struct model *b)
{
	return a->max_queries_per_upstream_group ==
	    b->max_queries_per_upstream_group;
}

static bool
startup_same_tcp_per_client(const struct model *a, const struct model *b)
{
	return a->tcp_clients_per_client == b->tcp_clients_per_client;
}

static bool
startup_same_tcp_clients(const struct model *a, const struct model *b)
{
	return a->tcp_clients == b->tcp_clients;
}

static bool
startup_same_tcp_idle(const struct model *a, const struct model *b)
{
	return a->tcp_idle_timeout == b->tcp_idle_timeout;
}

static bool
startup_same_text(const struct model_text *a, const struct model_text *b)
{
	if (a->text == NULL || b->text == NULL)
		return a->text == b->text;
	return strcmp(a->text, b->text) == 0;
}

static bool
startup_same_control_socket(const struct model *a, const struct model *b)
{
	return startup_same_text(&a->control_socket, &b->control_socket);
}

static bool
startup_same_cache_file(const struct model *a, const struct model *b)
{
	return startup_same_text(&a->cache_file, &b->cache_file);
}

static bool
startup_same_user(const struct model *a, const struct model *b)
{
	return startup_same_text(&a->user, &b->user);
}

static const struct {
	const char *key;
	bool (*same)(const struct model *a, const struct model *b);
} settings[] = {
    {"listen", startup_same_listen},
    {"workers", startup_same_workers},
    {"cache_size", startup_same_cache_size},
    {"cache_file", startup_same_cache_file},
    {"max_queries", startup_same_max_queries},
    {"max_queries_per_client", startup_same_queries_per_client},
    {"max_queries_per_upstream_group", startup_same_queries_per_group},
    {"tcp_clients", startup_same_tcp_clients},
    {"tcp_clients_per_client", startup_same_tcp_per_client},
    {"tcp_idle_timeout", startup_same_tcp_idle},
    {"control_socket", startup_same_control_socket},
    {"http_listen", startup_same_http_listen},
    {"user", startup_same_user},
};

void
startup_compare(const struct model *running, const struct model *read)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (!settings[i].same(running, read)) {
			log_warn("reload: '%s' has changed; that takes effect "
				 "on restart",
			    settings[i].key);
		}
	}
}
