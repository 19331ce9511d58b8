#include "io/chore.h"

#include <assert.h>

#include "io/worker.h"

static struct chore *
chore_of(struct message *message)
{
	return (struct chore *)(void *)message;
}

void
chore_set_flush(struct chore *chore, const struct cache_flush *flush)
{
	chore->kind = CHORE_FLUSH;
	chore->flush = *flush;
	if (flush->name == NULL)
		return;
	name_set(&chore->name, flush->name);
	name_fold(&chore->name);
	chore->flush.name = chore->name.wire;
}

void
chore_post(struct chore *chore, struct worker *worker)
{
	chore->message.kind = MESSAGE_CHORE;
	worker_post(worker, &chore->message);
}

void
chore_deliver(struct message *message)
{
	struct chore *chore = chore_of(message);

	assert(message->kind == MESSAGE_CHORE_DONE);
	chore->done(chore);
}

void
chore_run(struct worker *worker, struct message *message)
{
	struct chore *chore = chore_of(message);
	struct cache *cache = &worker->engine.cache;
	size_t flushed = 0;

	switch (chore->kind) {
	case CHORE_FIGURES:
		break;
	case CHORE_FLUSH:
		flushed = cache_flush(cache, &chore->flush);
		break;
	case CHORE_SERVERS:
		*chore->servers = worker->engine.upstreams;
		break;
	}
	chore->report = (struct cache_report){
	    .flushed = flushed,
	    .entries = cache->live,
	    .octets = cache->live_size,
	    .size = cache->size,
	    .hits = cache->hits,
	    .misses = cache->misses,
	    .negative = cache->negative,
	    .evictions = cache->evictions,
	};
	message->kind = MESSAGE_CHORE_DONE;
	/* The asker may free it from here on. */
	mailbox_post(chore->asker, message);
}
