#include "model/model.h"

#include "dns/message.h"

enum {
	MODEL_BLOCK = 64 * 1024,
	DEFAULT_TTL = 60,
	DEFAULT_CACHE_MAX_TTL = 24 * 60 * 60,
	DEFAULT_CACHE_MAX_NEGATIVE_TTL = 60 * 60,
	DEFAULT_CACHE_SIZE = 16 * 1024 * 1024,
	DEFAULT_MAX_QUERIES = 4096,
	DEFAULT_TCP_CLIENTS = 256,
	DEFAULT_TCP_IDLE_TIMEOUT = 10 * 1000,
	DEFAULT_HEALTH_CHECK_INTERVAL = 5 * 1000,
	DEFAULT_CACHE_MAX_STALE = 24 * 60 * 60,
	DEFAULT_CACHE_FAILURE_TTL = 1,
	DEFAULT_RATE_LIMIT = 5000,
	DEFAULT_QUERIES_PER_CLIENT = 1024,
	DEFAULT_QUERIES_PER_GROUP = 1024,
	DEFAULT_TCP_PER_CLIENT = 64,
	DEFAULT_LOG_SIZE = 64 * 1024 * 1024,
	DEFAULT_LOG_KEEP = 4,
};

static const struct options default_options = {
    .extended_errors = true,
    .edns_udp_size = UDP_SIZE_CLASSIC,
    .max_udp_size = UDP_SIZE_SAFE,
    .any_query = ANY_ALL,
    .cname_chasing = CHASING_AUTO,
    .response_policy_missing_type = MISSING_NODATA,
    .internal_dns_order = INTERNAL_BY_SUFFIX,
    .cache_max_ttl = DEFAULT_CACHE_MAX_TTL,
    .cache_max_negative_ttl = DEFAULT_CACHE_MAX_NEGATIVE_TTL,
    .cache_max_stale = DEFAULT_CACHE_MAX_STALE,
    .cache_failure_ttl = DEFAULT_CACHE_FAILURE_TTL,
    .prefetch = true,
    .case_randomization = true,
    .dns_cookies = true,
    .rebind_protection = REBINDING_OFF,
    .rate_limit = DEFAULT_RATE_LIMIT,
};

static void
set_default_presets(struct model *model)
{
	struct model_text *preset =
	    arena_calloc(&model->arena, 1, sizeof(*preset));

	if (preset == NULL)
		return;
	preset->text = "cloud-run";
	model->presets = (struct model_list){.items = preset, .count = 1};
}

void
model_init(struct model *model)
{
	*model = (struct model){
	    .mode = MODE_RESTRICTED,
	    .ttl = DEFAULT_TTL,
	    .options = default_options,
	    .query_log.max_size = DEFAULT_LOG_SIZE,
	    .query_log.keep = DEFAULT_LOG_KEEP,
	    .health_check_interval = DEFAULT_HEALTH_CHECK_INTERVAL,
	    .cache_size = DEFAULT_CACHE_SIZE,
	    .max_queries = DEFAULT_MAX_QUERIES,
	    .tcp_clients = DEFAULT_TCP_CLIENTS,
	    .tcp_idle_timeout = DEFAULT_TCP_IDLE_TIMEOUT,
	    .max_queries_per_client = DEFAULT_QUERIES_PER_CLIENT,
	    .max_queries_per_upstream_group = DEFAULT_QUERIES_PER_GROUP,
	    .tcp_clients_per_client = DEFAULT_TCP_PER_CLIENT,
	};
	arena_init_heap(&model->arena, MODEL_BLOCK);
	set_default_presets(model);
}

void
model_fini(struct model *model)
{
	arena_fini(&model->arena);
	*model = (struct model){.mode = MODE_RESTRICTED};
}
