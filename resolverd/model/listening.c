#include "model/listening.h"

#include "model/defaults.h"

/* Addresses being gathered, in room for all of them. */
struct gathering {
	struct model_addr *addrs;
	size_t count;
};

static void
gather(struct gathering *gathering, const struct model_addr *from)
{
	struct model_addr addr = *from;

	/* What could not be read has no length. */
	if (addr.addr.len == 0)
		return;
	if (addr_port(&addr.addr) == 0)
		addr_set_port(&addr.addr, DEFAULTS_PORT);
	for (size_t i = 0; i < gathering->count; i++) {
		if (addr_equal(&gathering->addrs[i].addr, &addr.addr))
			return;
	}
	gathering->addrs[gathering->count++] = addr;
}

static void
gather_list(struct gathering *gathering, const struct model_list *list)
{
	const struct model_addr *addrs = list->items;

	for (size_t i = 0; i < list->count; i++)
		gather(gathering, &addrs[i]);
}

static void
gather_default(struct gathering *gathering)
{
	for (size_t i = 0; i < defaults_listen_count; i++) {
		struct model_addr addr = {.mark = {.file = NULL}};

		if (addr_parse(defaults_listen[i], DEFAULTS_PORT, &addr.addr))
			gather(gathering, &addr);
	}
}

static size_t
bound(const struct model *model)
{
	const struct model_network *networks = model->networks.items;
	const struct model_cluster *clusters = model->gke_clusters.items;
	size_t count = model->listen.count + defaults_listen_count;

	for (size_t i = 0; i < model->networks.count; i++)
		count += networks[i].listen.count;
	for (size_t i = 0; i < model->gke_clusters.count; i++)
		count += clusters[i].listen.count;
	return count;
}

bool
listening_addresses(const struct model *model, struct arena *arena,
    struct model_list *addresses)
{
	const struct model_network *networks = model->networks.items;
	const struct model_cluster *clusters = model->gke_clusters.items;
	struct gathering gathering = {
	    .addrs =
		arena_calloc(arena, bound(model), sizeof(struct model_addr)),
	};

	*addresses = (struct model_list){.count = 0};
	if (gathering.addrs == NULL)
		return false;
	if (model->listen.count == 0) {
		gather_default(&gathering);
	} else {
		gather_list(&gathering, &model->listen);
	}
	for (size_t i = 0; i < model->networks.count && !model->listen_chosen;
	     i++)
		gather_list(&gathering, &networks[i].listen);
	for (size_t i = 0;
	     i < model->gke_clusters.count && !model->listen_chosen; i++)
		gather_list(&gathering, &clusters[i].listen);
	addresses->items = gathering.addrs;
	addresses->count = gathering.count;
	return true;
}
