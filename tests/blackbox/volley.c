/*
 * volley: asks for the addresses of many names at once, or of one name one
 * time after another, and tells how it went and how long it took.
 *
 *   volley [-n COUNT] [-w WINDOW] [-r RATE] [-t MS] [-s SOCKETS]
 *          [-a ADDRESS] [-o FIRST] [-x] SERVER NAME
 *
 * At most WINDOW questions wait for an answer at a time, and at most RATE go
 * out a second.  A % in NAME stands for FIRST, FIRST + 1 ...; the right
 * address is ADDRESS, else 198.18.0.0 + that number.  An answer is right when
 * it has the id, the question octet by octet, no error, and the address.  With
 * -x the questions are broken off, and nobody waits for an answer.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	SOCKETS_MAX = 64,
	IDS = 65536,
	HEADER = 12,
	PACKET_MAX = 4096,
	QUESTION_MAX = 300,
	PORT = 53,
	SECOND = 1000000,
	TYPE_A = 1,
	RCODE_SERVFAIL = 2,
};

enum outcome { RIGHT, WRONG, SERVFAIL, ERROR, LOST, OUTCOMES };

static const char *const outcome_names[OUTCOMES] = {"right", "wrong",
    "servfail", "error", "lost"};

/* One question that waits; the id is the place. */
struct waiting {
	uint64_t sent; /* microseconds, 0: nothing waits here */
	unsigned number;
};

static struct {
	unsigned count;
	unsigned window;
	unsigned rate;
	unsigned timeout; /* milliseconds */
	unsigned sockets;
	unsigned first;
	uint32_t address; /* 0: by the number */
	bool broken;
	const char *name;
} options = {.count = 1, .window = 100, .timeout = 5000, .sockets = 8};

static struct waiting waiting[IDS];
static unsigned outcomes[OUTCOMES];
static uint32_t *times;
static unsigned time_count;
static unsigned in_flight;
static struct pollfd sockets[SOCKETS_MAX];

static uint64_t
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec / 1000;
}

/* NAME with its number, as labels; the octets that makes. */
static size_t
write_name(uint8_t *wire, unsigned number)
{
	char text[QUESTION_MAX];
	const char *percent = strchr(options.name, '%');
	const char *at = text;
	size_t used = 0;

	if (percent == NULL) {
		snprintf(text, sizeof(text), "%s", options.name);
	} else {
		snprintf(text, sizeof(text), "%.*s%u%s",
		    (int)(percent - options.name), options.name, number,
		    percent + 1);
	}
	while (*at != '\0') {
		const size_t len = strcspn(at, ".");

		wire[used++] = (uint8_t)len;
		memcpy(wire + used, at, len);
		used += len;
		at += len + (at[len] == '.');
	}
	wire[used++] = 0;
	return used;
}

static size_t
write_question(uint8_t *wire, uint16_t id, unsigned number)
{
	static const uint8_t header[HEADER] = {0, 0, 1, 0, 0, 1};
	static const uint8_t type_class[4] = {0, TYPE_A, 0, 1};
	size_t len = HEADER;

	memcpy(wire, header, sizeof(header));
	wire[0] = (uint8_t)(id >> 8);
	wire[1] = (uint8_t)id;
	len += write_name(wire + len, number);
	memcpy(wire + len, type_class, sizeof(type_class));
	return len + sizeof(type_class);
}

static void
send_one(unsigned index)
{
	const unsigned number = options.first + index;
	uint16_t id = (uint16_t)index;
	uint8_t wire[HEADER + 2 * QUESTION_MAX];
	size_t len;

	while (waiting[id].sent != 0)
		id++;
	len = write_question(wire, id, number);
	waiting[id] = (struct waiting){.sent = now_us(), .number = number};
	in_flight++;
	send(sockets[id % options.sockets].fd, wire, len, 0);
}

/* A question that ends somewhere in its header or its name. */
static void
send_broken(unsigned index)
{
	uint8_t wire[HEADER + 2 * QUESTION_MAX];
	const size_t len =
	    write_question(wire, (uint16_t)index, options.first + index);

	send(sockets[index % options.sockets].fd, wire, index % len, 0);
	outcomes[LOST]++;
	times[time_count++] = 0;
}

static void
finish(struct waiting *query, enum outcome outcome, uint64_t now)
{
	outcomes[outcome]++;
	times[time_count++] = (uint32_t)(now - query->sent);
	query->sent = 0;
	in_flight--;
}

/* Behind the name at an offset; past the end when there is none. */
static size_t
skip_name(const uint8_t *wire, size_t len, size_t at)
{
	while (at < len && wire[at] != 0) {
		if (wire[at] >= 0xc0)
			return at + 2;
		at += 1 + (size_t)wire[at];
	}
	return at + 1;
}

/* The first address of the answer section, 0 without one. */
static uint32_t
first_address(const uint8_t *wire, size_t len, size_t at)
{
	for (unsigned left = wire[7]; left > 0; left--) {
		uint32_t address;

		at = skip_name(wire, len, at);
		if (at + 14 > len)
			return 0;
		memcpy(&address, wire + at + 10, sizeof(address));
		if (wire[at] == 0 && wire[at + 1] == TYPE_A)
			return ntohl(address);
		at += 10 + (size_t)(wire[at + 8] << 8 | wire[at + 9]);
	}
	return 0;
}

static enum outcome
judge(const struct waiting *query, const uint8_t *wire, size_t len)
{
	uint8_t question[HEADER + 2 * QUESTION_MAX];
	const size_t asked = write_question(question, 0, query->number);
	const uint32_t expected = options.address != 0
	    ? options.address
	    : (198U << 24 | 18U << 16) + query->number;

	if (len < asked ||
	    memcmp(wire + HEADER, question + HEADER, asked - HEADER) != 0)
		return WRONG;
	if ((wire[3] & 15) == RCODE_SERVFAIL)
		return SERVFAIL;
	if ((wire[3] & 15) != 0)
		return ERROR;
	return first_address(wire, len, asked) == expected ? RIGHT : WRONG;
}

static void
receive(int fd)
{
	uint8_t wire[PACKET_MAX];
	ssize_t len;

	while ((len = recv(fd, wire, sizeof(wire), MSG_DONTWAIT)) >= HEADER) {
		struct waiting *query = &waiting[wire[0] << 8 | wire[1]];

		if (query->sent != 0) {
			finish(query, judge(query, wire, (size_t)len),
			    now_us());
		}
	}
}

static void
give_up(void)
{
	const uint64_t now = now_us();

	for (size_t i = 0; i < IDS; i++) {
		if (waiting[i].sent != 0 &&
		    now - waiting[i].sent > options.timeout * UINT64_C(1000))
			finish(&waiting[i], LOST, now);
	}
}

/* How many may be out by now. */
static unsigned
allowed(uint64_t began)
{
	const uint64_t paced = options.rate == 0
	    ? options.count
	    : 1 + (now_us() - began) * options.rate / SECOND;

	return paced < options.count ? (unsigned)paced : options.count;
}

static void
fire(void)
{
	const uint64_t began = now_us();
	uint64_t checked = began;
	unsigned sent = 0;

	while (sent < options.count || in_flight > 0) {
		while (sent < allowed(began) && in_flight < options.window)
			options.broken ? send_broken(sent++) : send_one(sent++);
		poll(sockets, options.sockets, options.rate > 0 ? 1 : 20);
		for (unsigned i = 0; i < options.sockets; i++) {
			if (sockets[i].revents != 0)
				receive(sockets[i].fd);
		}
		if (now_us() - checked > SECOND / 50) {
			give_up();
			checked = now_us();
		}
	}
}

static int
by_time(const void *left, const void *right)
{
	const uint32_t a = *(const uint32_t *)left;
	const uint32_t b = *(const uint32_t *)right;

	return (a > b) - (a < b);
}

static uint32_t
at_permille(unsigned permille)
{
	return times[(size_t)(time_count - 1) * permille / 1000];
}

static void
report(void)
{
	qsort(times, time_count, sizeof(*times), by_time);
	printf("sent=%u", time_count);
	for (unsigned i = 0; i < OUTCOMES; i++)
		printf(" %s=%u", outcome_names[i], outcomes[i]);
	printf(" p50_us=%u p99_us=%u p999_us=%u max_us=%u\n", at_permille(500),
	    at_permille(990), at_permille(999), at_permille(1000));
}

static bool
open_sockets(const char *server)
{
	static const int room = 4 << 20;
	struct sockaddr_in address = {
	    .sin_family = AF_INET,
	    .sin_port = htons(PORT),
	};

	if (inet_pton(AF_INET, server, &address.sin_addr) != 1)
		return false;
	for (unsigned i = 0; i < options.sockets; i++) {
		sockets[i].fd = socket(AF_INET, SOCK_DGRAM, 0);
		sockets[i].events = POLLIN;
		setsockopt(sockets[i].fd, SOL_SOCKET, SO_RCVBUFFORCE, &room,
		    sizeof(room));
		if (connect(sockets[i].fd, (struct sockaddr *)&address,
			sizeof(address)) != 0)
			return false;
	}
	return true;
}

static void
take_option(int option, unsigned number)
{
	switch (option) {
	case 'a':
		options.address = ntohl(inet_addr(optarg));
		break;
	case 'n':
		options.count = number;
		break;
	case 'o':
		options.first = number;
		break;
	case 'r':
		options.rate = number;
		break;
	case 's':
		options.sockets = number;
		break;
	case 't':
		options.timeout = number;
		break;
	case 'w':
		options.window = number;
		break;
	case 'x':
		options.broken = true;
		break;
	default:
		exit(2);
	}
}

int
main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "a:n:o:r:s:t:w:x")) != -1) {
		take_option(option,
		    optarg == NULL ? 0 : (unsigned)strtoul(optarg, NULL, 10));
	}
	if (argc - optind != 2 || options.count == 0 || options.sockets == 0 ||
	    options.sockets > SOCKETS_MAX || options.window >= IDS)
		return 2;
	options.name = argv[optind + 1];
	times = calloc(options.count, sizeof(*times));
	if (times == NULL || !open_sockets(argv[optind]))
		return 2;
	fire();
	report();
	free(times);
	return 0;
}
