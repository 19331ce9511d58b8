#include "ctl/fault_words.h"

#include <inttypes.h>

#include "config/schema_write.h"
#include "core/fault.h"

#define MILLISECOND UINT64_C(1000000)
#define SECOND	    UINT64_C(1000000000)

/* "each query over UDP is", "0.5 % of the queries are". */
static const char *
which(const struct words *words, const struct fault *fault)
{
	static const char *const ways[] = {
	    [FAULT_BOTH] = "",
	    [FAULT_UDP] = " over UDP",
	    [FAULT_TCP] = " over TCP",
	};
	const char *way = ways[fault->transport];
	char share[UNIT_TEXT];

	if (fault->share >= FAULT_ALWAYS)
		return arena_printf(words->arena, "each query%s is", way);
	return arena_printf(words->arena, "%s %% of the queries%s are",
	    schema_write_share(fault->share, share), way);
}

/* "2 s", "500 ms". */
static const char *
how_long(const struct words *words, uint64_t time)
{
	if (time % SECOND == 0) {
		return arena_printf(words->arena, "%" PRIu64 " s",
		    time / SECOND);
	}
	return arena_printf(words->arena, "%" PRIu64 " ms", time / MILLISECOND);
}

static const char *
what_delay(const struct words *words, const struct fault *fault)
{
	const char *delay = how_long(words, fault->delay);

	if (fault->jitter == 0) {
		return arena_printf(words->arena, "answered after %s more",
		    delay);
	}
	return arena_printf(words->arena,
	    "answered after %s more, give or take %s", delay,
	    how_long(words, fault->jitter));
}

static const char *
effect(const struct words *words, const struct fault *fault)
{
	static const char *const effects[FAULT_KINDS] = {
	    [FAULT_SERVFAIL] = "answered SERVFAIL",
	    [FAULT_NXDOMAIN] = "answered NXDOMAIN",
	    [FAULT_REFUSE] = "answered REFUSED",
	    [FAULT_DROP] = "not answered",
	    [FAULT_TRUNCATE] = "answered over UDP with TC and nothing else",
	};

	if (fault->kind == FAULT_DELAY)
		return what_delay(words, fault);
	return effects[fault->kind == FAULT_FLAP ? fault->as : fault->kind];
}

const char *
fault_words_tell(const struct words *words, const struct fault *fault)
{
	const char *turn = "";

	if (fault->kind == FAULT_FLAP) {
		turn = arena_printf(words->arena,
		    "in turn all is well for %s and then for %s ",
		    how_long(words, fault->up), how_long(words, fault->down));
	}
	return arena_printf(words->arena,
	    "\"%s\" is injected for %s (%s): %s%s %s", fault_key(fault->kind),
	    fault->subject, words_place(words, fault->mark), turn,
	    which(words, fault), effect(words, fault));
}
