#include "io/latency.h"

#include "core/counters.h"
#include "dns/message.h"

#define US(n) (UINT64_C(1000) * (n))
#define MS(n) (UINT64_C(1000000) * (n))

/* From an answer at hand to more than the budget of one that is not. */
const uint64_t latency_bounds[LATENCY_BOUNDS] = {US(10), US(20), US(50),
    US(100), US(200), US(500), MS(1), MS(2), MS(5), MS(10), MS(20), MS(50),
    MS(100), MS(200), MS(500), MS(1000), MS(2000), MS(5000)};

enum { OTHER = LATENCY_RCODES - 1 };

const char *const latency_rcodes[LATENCY_RCODES] = {
    [RCODE_NOERROR] = "NOERROR",
    [RCODE_FORMERR] = "FORMERR",
    [RCODE_SERVFAIL] = "SERVFAIL",
    [RCODE_NXDOMAIN] = "NXDOMAIN",
    [RCODE_NOTIMP] = "NOTIMP",
    [RCODE_REFUSED] = "REFUSED",
    [OTHER] = "other",
};

static uint64_t
look(const atomic_uint_fast64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

static unsigned
bucket_of(uint64_t time)
{
	unsigned bucket = 0;

	while (bucket < LATENCY_BOUNDS && time > latency_bounds[bucket])
		bucket++;
	return bucket;
}

static void
count_rcode(struct latency *latency, enum origin origin, unsigned rcode)
{
	counter_add(&latency->rcodes[origin][rcode < OTHER ? rcode : OTHER]);
}

void
latency_add(struct latency *latency, enum origin origin, unsigned rcode,
    uint64_t time)
{
	count_rcode(latency, origin, rcode);
	counter_add(&latency->counts[origin][bucket_of(time)]);
	counter_raise(&latency->sums[origin], time);
}

void
latency_hold(struct latency *latency, enum origin origin, unsigned rcode)
{
	count_rcode(latency, origin, rcode);
	latency->held[origin]++;
	latency->held_all++;
}

void
latency_settle(struct latency *latency, uint64_t time)
{
	const unsigned bucket = bucket_of(time);

	for (unsigned origin = 0; origin < ORIGINS && latency->held_all > 0;
	     origin++) {
		const unsigned held = latency->held[origin];

		if (held == 0)
			continue;
		counter_raise(&latency->counts[origin][bucket], held);
		counter_raise(&latency->sums[origin], held * time);
		latency->held[origin] = 0;
		latency->held_all -= held;
	}
}

void
latency_read(const struct latency *latency, enum origin origin,
    struct latency_figures *figures)
{
	for (unsigned i = 0; i < LATENCY_BUCKETS; i++)
		figures->counts[i] += look(&latency->counts[origin][i]);
	figures->sum += look(&latency->sums[origin]);
	for (unsigned i = 0; i < LATENCY_RCODES; i++)
		figures->rcodes[i] += look(&latency->rcodes[origin][i]);
}
