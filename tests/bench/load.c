/*
 * A load for a DNS server, each answer of which is checked: the question, the
 * flags, how many records there are and their data.
 *
 *   load [-t] [-s SOCKETS] [-f IN-FLIGHT] [-d SECONDS] [-n QUESTIONS]
 *       [-r RATE] [-b BASE] [-e SHAPE] ADDRESS:PORT PATTERN
 *
 * It prints one line and stays, with its connections open, until its standard
 * input ends: so the processor time of processes that serve one connection
 * can be read before they are gone.
 */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#define SECOND 1e9

enum { SOCKETS = 256 };

static void
usage(void)
{
	fprintf(stderr,
	    "usage: load [-t] [-s sockets] [-f in-flight] [-d seconds]\n"
	    "           [-n questions] [-r rate] [-b base] [-e shape]\n"
	    "           address:port pattern\n"
	    "patterns: %s\n",
	    pattern_names);
	exit(2);
}

static void
print(const struct load *load, uint64_t began)
{
	const struct tally *tally = &load->course.tally;
	const double answered =
	    tally->answered > 0 ? (double)tally->answered : 1;

	printf("sent=%ju answered=%ju wrong=%ju lost=%ju strange=%ju cut=%ju "
	       "seconds=%.6f grown=%.2f p50=%u p99=%u\n",
	    (uintmax_t)tally->sent, (uintmax_t)tally->answered,
	    (uintmax_t)tally->wrong, (uintmax_t)tally->lost,
	    (uintmax_t)tally->strange, (uintmax_t)load->cut,
	    (double)(load->course.now - began) / SECOND,
	    ((double)tally->answer_octets - (double)tally->asked_octets) /
		answered,
	    tally_quantile(tally, 0.5), tally_quantile(tally, 0.99));
	fflush(stdout);
}

struct options {
	bool tcp;
	double seconds;
	unsigned base;
	const char *shape;
};

static bool
set_option(struct load *load, struct options *options, int letter)
{
	switch (letter) {
	case 't':
		options->tcp = true;
		return true;
	case 's':
		load->sockets = strtoul(optarg, NULL, 10);
		return load->sockets > 0 && load->sockets <= SOCKETS;
	case 'f':
		load->in_flight = strtoul(optarg, NULL, 10);
		return load->in_flight > 0 && load->in_flight <= BATCH;
	case 'd':
		options->seconds = strtod(optarg, NULL);
		return options->seconds > 0;
	case 'n':
		load->course.limit = strtoull(optarg, NULL, 10);
		return load->course.limit > 0;
	case 'r':
		load->rate = strtod(optarg, NULL);
		return load->rate > 0;
	case 'b':
		options->base = (unsigned)strtoul(optarg, NULL, 10);
		return true;
	case 'e':
		options->shape = optarg;
		return true;
	}
	return false;
}

static void
read_options(struct load *load, struct options *options, int argc, char **argv)
{
	int letter;

	while ((letter = getopt(argc, argv, "tb:d:e:f:n:r:s:")) != -1) {
		if (!set_option(load, options, letter))
			usage();
	}
	load->course.shape = shape_find(options->shape);
	if (argc - optind != 2 || load->course.shape == NULL ||
	    !pattern_init(&load->course.pattern, argv[optind + 1],
		options->base))
		usage();
	load->server = net_address(argv[optind]);
}

int
main(int argc, char *argv[])
{
	static struct load load = {.sockets = 8,
	    .in_flight = 24,
	    .course.limit = UINT64_MAX};
	struct options options = {.seconds = 1, .shape = "chain"};
	uint64_t began;

	read_options(&load, &options, argc, argv);
	prctl(PR_SET_TIMERSLACK, 1);
	began = net_now();
	load.course.now = began;
	load.course.end = began + (uint64_t)(options.seconds * SECOND);
	if (options.tcp) {
		load_tcp(&load);
	} else if (load.rate > 0) {
		load_rate(&load);
	} else {
		load_udp(&load);
	}
	print(&load, began);
	while (getchar() != EOF)
		;
	return 0;
}
