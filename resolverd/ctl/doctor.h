#ifndef CTL_DOCTOR_H
#define CTL_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/arena.h"
#include "ctl/stub.h"
#include "dns/request.h"
#include "model/model.h"

/*
 * resolverctl doctor: examines how this machine gets to a name, from
 * resolv.conf to the HTTP status, and says what is wrong and what would mend
 * it.  Each check is a function that finds findings; what one has learned
 * stands here for those after it.
 */

enum doctor_result { DOCTOR_PASS, DOCTOR_WARN, DOCTOR_FAIL, DOCTOR_SKIP };
enum { DOCTOR_RESULTS = 4 };

/* A line of the report. */
struct doctor_finding {
	struct doctor_finding *next;
	const char *subject; /* a name, or the machine; the same for all of
				it */
	const char *check;   /* which found it */
	enum doctor_result result;
	const char *text;     /* a sentence without a full stop */
	const char *evidence; /* what it was seen by, or NULL */
	const char *fix;      /* a command that would mend it, or NULL */
};

enum { DOCTOR_ADDRS = 16 };

struct doctor_addrs {
	struct addr addrs[DOCTOR_ADDRS];
	size_t count;
};

/* What the command line asks for. */
struct doctor_options {
	const char *config;
	const char *socket;
	const char *server;
	const char *blocked;
	const char *timeout;
	const char *port;
	const char *ca_file;
	bool json;
	bool junit;
};

/* What getaddrinfo makes of the name, in the order that it chose. */
struct doctor_libc {
	bool asked;
	bool timed_out;
	int error; /* of getaddrinfo */
	uint64_t took;
	struct doctor_addrs found;
};

enum { DOCTOR_TYPES = 3 }; /* A, AAAA, HTTPS */

/* What the configuration says, without the daemon and its cache. */
struct doctor_expected {
	bool known; /* it could be read; the rest is empty otherwise */
	bool own;   /* it answers by itself, and no server is asked */
	bool answered[2];
	struct response answers[2]; /* A, AAAA */
	const char *because;	    /* which step of the order answers */
	const char *preset;	    /* the domain of a preset that the name lies
				       in, followed or not; NULL: in none */
	bool follows;		    /* and the preset is in force */
	enum mode mode;
	const char *control; /* its control socket, or NULL */
	struct doctor_addrs listen;
	struct doctor_addrs endpoints; /* of Private Service Connect */
	struct doctor_addrs vips;      /* of presets of the operator's own */
	struct upstream_server upstreams[UPSTREAM_SERVERS];
	size_t upstream_count;
};

struct doctor {
	struct doctor_options options;
	struct arena arena;
	const char *typed; /* the name as it was given */
	const char *name;  /* the same with its final dot */
	bool service;	   /* it is somebody's, and not our example */
	bool negative;	   /* it is expected to be blocked */
	struct question question;
	struct addr server; /* where resolverd is asked */
	uint16_t port;	    /* of the service */
	uint64_t until;	    /* clock_now; then all else is left out */

	const char *subject; /* of the check */
	const char *check;   /* at work now */
	bool on_machine;     /* this name is the one for the machine's checks */
	struct doctor_finding *first;
	struct doctor_finding *last;
	size_t counts[DOCTOR_RESULTS];

	struct doctor_libc libc;
	struct doctor_expected expected;
	const char *ordered; /* the mode that resolverctl mode has set, over
				the file's; NULL: none, or it isn't known */
	bool stranger;	     /* another program has resolverd's port */
	bool alive;	     /* resolverd answers something */
	bool says_so;	     /* that it is resolverd (ctl/answerer) */
	bool answers;	     /* and the question for the name's addresses */
	struct stub stubs[DOCTOR_TYPES];
	struct stub_reply replies[DOCTOR_TYPES]; /* resolverd's */
	struct doctor_addrs addrs;		 /* of the name */
	bool shadowed;	 /* something else than DNS decides */
	int fd;		 /* connected to the service, or -1 */
	void *session;	 /* and TLS upon it, or NULL */
	bool trusted;	 /* with a certificate that holds */
	unsigned status; /* of HTTP upon that; 0: none came */
	bool reached;	 /* which the service itself gave */
	bool demote;	 /* what fails is as expected: WARN, FAIL are PASS */
};

/* Adds a finding of the check at work; the texts are printf's. */
void doctor_pass(struct doctor *doctor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void doctor_warn(struct doctor *doctor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void doctor_fail(struct doctor *doctor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void doctor_skip(struct doctor *doctor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds to the finding before it. */
void doctor_evidence(struct doctor *doctor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void doctor_fix(struct doctor *doctor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Milliseconds that a step may take: at most `most`, and what is left. */
unsigned doctor_patience(const struct doctor *doctor, unsigned most);

/* A stub resolver to a server, with the patience that a question may have. */
struct stub doctor_stub(const struct doctor *doctor, const struct addr *server);

#endif
