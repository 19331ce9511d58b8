/*
 * What the cache costs: bench_cache times, the time of one entry; and the two
 * ends of a daemon whose cache is filled, bench_cache serve ADDRESS PORT, a
 * server that knows an address for every name, and bench_cache ask ADDRESS
 * PORT COUNT, a client that asks for so many names.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "core/cache.h"
#include "dns/message.h"
#include "dns/name.h"
#include "dns/request.h"
#include "dns/wire.h"

enum {
	ENTRIES = 1000000,
	BLOCK = 128 * 1024 * 1024,
	SCRATCH = 64 * 1024,
	BATCH = 128,
	TTL = 3600,
	WAIT = 500000, /* microseconds */
	TRIES = 20,
};

#define SECOND 1e9

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

/* A name of 25 octets as text. */
static struct name
name_of(unsigned number)
{
	struct name name;
	char text[32];

	snprintf(text, sizeof(text), "host-%06u.example.test.", number);
	if (name_from_text(&name, text) != NAME_OK)
		abort();
	return name;
}

/* Nanoseconds of processor time. */
static double
spent(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec * SECOND + (double)time.tv_nsec;
}

static struct cache_key
key_of(const struct name *name)
{
	return (struct cache_key){
	    .name = name->wire,
	    .type = TYPE_A,
	    .group = 1,
	};
}

static double
time_put(struct cache *cache, struct arena *arena)
{
	const uint8_t address[] = {192, 0, 2, 1};
	const struct rdata data = {.bytes = address, .len = sizeof(address)};
	const struct rrset *rrset = rrset_pack(arena, TYPE_A, TTL, &data, 1);
	const double began = spent();

	for (unsigned i = 0; i < ENTRIES; i++) {
		const struct name name = name_of(i);
		const struct cache_key key = key_of(&name);
		const struct reply_item item = {
		    .owner = name.wire,
		    .rrset = rrset,
		    .section = SECTION_ANSWER,
		};

		cache_put(cache, &key, TTL,
		    &(struct reply){
			.answered = true,
			.count = 1,
			.items = &item,
		    },
		    0);
	}
	return spent() - began;
}

static double
time_get(struct cache *cache, struct arena *arena, unsigned first)
{
	const double began = spent();
	unsigned found = 0;

	for (unsigned i = 0; i < ENTRIES; i++) {
		/* In no order that the processor could guess. */
		const struct name name =
		    name_of(first + (unsigned)(i * UINT64_C(7919) % ENTRIES));
		const struct cache_key key = key_of(&name);
		struct cache_hit hit;

		arena_reset(arena);
		found +=
		    cache_get(cache, &key, &(struct cache_look){.arena = arena},
			&hit) == CACHE_FRESH;
	}
	if (found != (first == 0 ? cache->live : 0))
		abort();
	return spent() - began;
}

static double
time_names(void)
{
	const double began = spent();
	unsigned sum = 0;

	for (unsigned i = 0; i < ENTRIES; i++)
		sum += name_of(i).len;
	if (sum == 0)
		abort();
	return spent() - began;
}

static void
print_row(const char *what, double took)
{
	printf("| %s | %.0f ns |\n", what, took / ENTRIES);
}

static void
times(void)
{
	static const struct hash_key key = {1, 2};
	static uint8_t scratch[SCRATCH];
	void *block = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct arena arena;
	struct cache cache;
	double names;

	if (block == MAP_FAILED)
		die("mmap");
	arena_init(&arena, scratch, sizeof(scratch));
	cache_init(&cache, block, BLOCK, &key);
	names = time_names();
	print_row("keep an answer", time_put(&cache, &arena) - names);
	print_row("find an answer", time_get(&cache, &arena, 0) - names);
	print_row("find none", time_get(&cache, &arena, ENTRIES) - names);
	printf("\n%zu entries take %zu octets each, without the table of "
	       "buckets.\n",
	    cache.live, cache.live_size / cache.live);
}

static int
open_socket(const char *address, const char *port, struct sockaddr_in *addr)
{
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memset(addr, 0, sizeof(*addr));
	addr->sin_family = AF_INET;
	addr->sin_port = htons((uint16_t)strtoul(port, NULL, 10));
	if (fd < 0 || inet_pton(AF_INET, address, &addr->sin_addr) != 1)
		die(address);
	return fd;
}

/* Makes an answer of a question in place; its length, or 0. */
static size_t
answer(uint8_t *wire, size_t len, size_t cap)
{
	struct reader reader = reader_over(wire, len);
	struct question question;
	struct writer writer = writer_over(wire, cap);

	reader_bytes(&reader, HEADER_SIZE);
	if (!request_question(&question, &reader))
		return 0;
	writer.at = 2;
	writer_u16(&writer, FLAG_QR | FLAG_RD | FLAG_RA);
	writer_u16(&writer, 1);
	writer_u16(&writer, 1);
	writer_u32(&writer, 0);
	/* The question stands there, letter case and all. */
	writer.at = reader.at;
	writer_u16(&writer, 0xc000 | HEADER_SIZE);
	writer_u16(&writer, TYPE_A);
	writer_u16(&writer, CLASS_IN);
	writer_u32(&writer, TTL);
	writer_u16(&writer, 4);
	writer_u32(&writer, 0xc0000201);
	return writer.bad ? 0 : writer.at;
}

static void
serve(const char *address, const char *port)
{
	struct sockaddr_in addr;
	const int fd = open_socket(address, port, &addr);

	if (bind(fd, (const struct sockaddr *)&addr, sizeof(addr)) != 0)
		die(address);
	for (;;) {
		uint8_t wire[QUERY_MAX];
		struct sockaddr_in from;
		socklen_t size = sizeof(from);
		const ssize_t len = recvfrom(fd, wire, sizeof(wire), 0,
		    (struct sockaddr *)&from, &size);
		const size_t out =
		    len < 0 ? 0 : answer(wire, (size_t)len, sizeof(wire));

		if (out > 0) {
			sendto(fd, wire, out, 0, (const struct sockaddr *)&from,
			    size);
		}
	}
}

/* Asks for those of a batch that were not answered yet. */
static void
ask_again(int fd, unsigned first, const bool answered[BATCH], unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		const struct question question = {
		    .name = name_of(first + i),
		    .type = TYPE_A,
		    .class = CLASS_IN,
		};
		const struct asking asking = {.id = (uint16_t)i};
		uint8_t wire[UDP_SIZE_CLASSIC];

		if (answered[i])
			continue;
		send(fd, wire,
		    request_build(&asking, &question, wire, sizeof(wire)), 0);
	}
}

/* A batch of names until each is answered. */
static void
ask_batch(int fd, unsigned first, unsigned count)
{
	bool answered[BATCH] = {false};
	unsigned left = count;

	for (unsigned tries = 0; left > 0 && tries < TRIES; tries++) {
		ask_again(fd, first, answered, count);
		while (left > 0) {
			uint8_t wire[UDP_SIZE_SAFE];
			const ssize_t len = recv(fd, wire, sizeof(wire), 0);
			unsigned id;

			if (len < HEADER_SIZE)
				break;
			id = (unsigned)wire[0] << 8 | wire[1];
			if (id >= count || answered[id] ||
			    (wire[3] & FLAG_RCODE) != RCODE_NOERROR)
				continue;
			answered[id] = true;
			left--;
		}
	}
	if (left > 0) {
		fprintf(stderr, "bench_cache: no answer\n");
		exit(1);
	}
}

static void
ask(const char *address, const char *port, unsigned count)
{
	const struct timeval wait = {.tv_usec = WAIT};
	struct sockaddr_in addr;
	const int fd = open_socket(address, port, &addr);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	if (connect(fd, (const struct sockaddr *)&addr, sizeof(addr)) != 0)
		die(address);
	for (unsigned i = 0; i < count; i += BATCH)
		ask_batch(fd, i, count - i < BATCH ? count - i : BATCH);
	close(fd);
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "times") == 0) {
		times();
	} else if (argc == 4 && strcmp(argv[1], "serve") == 0) {
		serve(argv[2], argv[3]);
	} else if (argc == 5 && strcmp(argv[1], "ask") == 0) {
		ask(argv[2], argv[3], (unsigned)strtoul(argv[4], NULL, 10));
	} else {
		fputs("usage: bench_cache times | serve ADDRESS PORT | "
		      "ask ADDRESS PORT COUNT\n",
		    stderr);
		return 2;
	}
	return 0;
}
