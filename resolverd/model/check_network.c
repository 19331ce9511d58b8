#include "model/check_network.h"

#include <string.h>

#include "base/text.h"
#include "model/check_form.h"
#include "model/reference.h"
#include "model/uniques.h"

enum { SCRATCH_BLOCK = 4096 };

/* References. */

static const char *
nearest_network(const struct model *model, const char *name,
    struct arena *scratch)
{
	const size_t count = reference_network_count(model);
	const char **names = arena_calloc(scratch, count, sizeof(*names));
	size_t known = 0;

	if (names == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		const char *text = reference_network_at(model, i)->name.text;

		if (text != NULL)
			names[known++] = text;
	}
	return text_nearest(name, names, known);
}

static bool
unknown_network(const struct model *model, const struct model_network_ref *ref,
    struct diag *diag)
{
	struct arena scratch;
	const char *nearest;

	arena_init_heap(&scratch, SCRATCH_BLOCK);
	nearest = nearest_network(model, ref->name, &scratch);
	if (nearest != NULL) {
		diag_error(diag, ref->mark,
		    "no network \"%s\" is declared (did you mean \"%s\"?)",
		    ref->name, nearest);
	} else {
		diag_error(diag, ref->mark,
		    "no network \"%s\" is declared: list it under networks",
		    ref->name);
	}
	arena_fini(&scratch);
	return false;
}

bool
check_network_ref(const struct model *model,
    const struct model_network_ref *ref, struct diag *diag)
{
	const struct model_network *network;

	/* Not given, or not readable. */
	if (ref->name == NULL || reference_network(model, ref) != NULL)
		return true;
	network = reference_network_named(model, ref->name);
	if (network == NULL)
		return unknown_network(model, ref, diag);
	diag_error(diag, ref->mark,
	    "network \"%s\" is of project \"%s\", not \"%s\"", ref->name,
	    network->project.text, ref->project);
	diag_note(diag, network->mark, "it is declared here");
	return false;
}

static bool
unknown_cluster(const struct model *model, const struct model_cluster_ref *ref,
    struct diag *diag)
{
	const struct model_cluster *clusters = model->gke_clusters.items;
	const size_t count = model->gke_clusters.count;
	const char *nearest = NULL;

	for (size_t i = 0; i < count && nearest == NULL; i++) {
		const char *name = clusters[i].name.text;

		if (name != NULL)
			nearest = text_nearest(ref->name, &name, 1);
	}
	if (nearest == NULL) {
		return diag_error(diag, ref->mark,
		    "no cluster \"%s\" is declared: list it under "
		    "gke_clusters",
		    ref->name);
	}
	return diag_error(diag, ref->mark,
	    "no cluster \"%s\" is declared (did you mean \"%s\"?)", ref->name,
	    nearest);
}

bool
check_network_visibility(const struct model *model,
    const struct model_visibility *visibility, struct diag *diag)
{
	const struct model_network_ref *networks = visibility->networks.items;
	const struct model_cluster_ref *clusters = visibility->clusters.items;
	bool good = true;

	for (size_t i = 0; i < visibility->networks.count; i++) {
		if (!check_network_ref(model, &networks[i], diag))
			good = false;
	}
	for (size_t i = 0; i < visibility->clusters.count; i++) {
		if (reference_cluster(model, &clusters[i]) == NULL)
			good = unknown_cluster(model, &clusters[i], diag);
	}
	return good;
}

/* Declarations. */

/* An address that clients ask is one of the daemon's own, not all of them. */
static void
check_own(const struct model_list *list, struct diag *diag)
{
	const struct model_addr *addrs = list->items;

	for (size_t i = 0; i < list->count; i++) {
		if (addrs[i].addr.len == 0 || !addr_is_any(&addrs[i].addr))
			continue;
		diag_error(diag, addrs[i].mark,
		    "this stands for any address: name the one that the "
		    "clients ask");
	}
}

static void
check_networks(const struct model *model, struct arena *scratch,
    struct diag *diag)
{
	const struct model_network *networks = model->networks.items;
	struct uniques names = uniques_for(scratch, model->networks.count);

	for (size_t i = 0; i < model->networks.count; i++) {
		check_form_resource(&networks[i].name, diag);
		check_form_project(&networks[i].project, diag);
		check_form_region(&networks[i].region, "region", diag);
		check_own(&networks[i].listen, diag);
		check_own(&networks[i].inbound_entry_points, diag);
		uniques_add(&names,
		    &(struct unique){
			.text = networks[i].name.text,
			.owner = "network",
			.mark = networks[i].name.mark,
		    });
	}
	uniques_check(&names, uniques_declared_twice, diag);
}

static void
check_cluster(const struct model *model, const struct model_cluster *cluster,
    struct diag *diag)
{
	check_form_resource(&cluster->name, diag);
	check_network_ref(model, &cluster->network, diag);
	check_own(&cluster->listen, diag);
	if (cluster->clients.count + cluster->listen.count > 0)
		return;
	diag_warning(diag, cluster->mark,
	    "nobody is in this GKE cluster: it has neither clients nor listen");
}

static void
check_clusters(const struct model *model, struct arena *scratch,
    struct diag *diag)
{
	const struct model_cluster *clusters = model->gke_clusters.items;
	struct uniques names = uniques_for(scratch, model->gke_clusters.count);

	for (size_t i = 0; i < model->gke_clusters.count; i++) {
		check_cluster(model, &clusters[i], diag);
		uniques_add(&names,
		    &(struct unique){
			.text = clusters[i].name.text,
			.owner = "cluster",
			.mark = clusters[i].name.mark,
		    });
	}
	uniques_check(&names, uniques_declared_twice, diag);
}

/* Who is in which: no two may have the same clients at the same address. */

/* A network or a cluster, as it claims its clients. */
struct claimant {
	const char *text; /* network "prod" */
	const struct model_list *clients;
	const struct model_list *listen;
};

struct claims {
	struct arena *scratch;
	struct uniques uniques;
};

/* "127.0.0.2", or with the port where one is given. */
static const char *
own_text(const struct model_addr *addr, char buf[ADDR_TEXT])
{
	return addr_port(&addr->addr) == 0 ? addr_format_host(&addr->addr, buf)
					   : addr_format(&addr->addr, buf);
}

/* One of either may be NULL: any client, or any address asked. */
static void
claim_add(struct claims *claims, const struct claimant *who,
    const struct model_prefix *client, const struct model_addr *listen)
{
	char prefix[PREFIX_TEXT];
	char addr[ADDR_TEXT];
	const char *text;

	if (listen != NULL && listen->addr.len == 0)
		return;
	if (client == NULL) {
		text = arena_printf(claims->scratch, "what is asked at %s",
		    own_text(listen, addr));
	} else {
		text = arena_printf(claims->scratch, "the clients %s%s%s",
		    prefix_format(&client->prefix, prefix),
		    listen == NULL ? "" : " at ",
		    listen == NULL ? "" : own_text(listen, addr));
	}
	uniques_add(&claims->uniques,
	    &(struct unique){
		.text = text,
		.owner = who->text,
		.mark = client == NULL ? listen->mark : client->mark,
	    });
}

static void
claim_listen(struct claims *claims, const struct claimant *who,
    const struct model_prefix *client)
{
	const struct model_addr *listen = who->listen->items;

	for (size_t i = 0; i < who->listen->count; i++)
		claim_add(claims, who, client, &listen[i]);
	if (who->listen->count == 0 && client != NULL)
		claim_add(claims, who, client, NULL);
}

static void
claim(struct claims *claims, const struct claimant *who)
{
	const struct model_prefix *clients = who->clients->items;

	for (size_t i = 0; i < who->clients->count; i++)
		claim_listen(claims, who, &clients[i]);
	if (who->clients->count == 0)
		claim_listen(claims, who, NULL);
}

static size_t
claims_of(const struct model_list *clients, const struct model_list *listen)
{
	const size_t most = clients->count > 0 ? clients->count : 1;

	return most * (listen->count > 0 ? listen->count : 1);
}

static size_t
claims_count(const struct model *model)
{
	const struct model_network *networks = model->networks.items;
	const struct model_cluster *clusters = model->gke_clusters.items;
	size_t count = 0;

	for (size_t i = 0; i < model->networks.count; i++) {
		count += claims_of(&networks[i].clients, &networks[i].listen) +
		    networks[i].inbound_entry_points.count;
	}
	for (size_t i = 0; i < model->gke_clusters.count; i++)
		count += claims_of(&clusters[i].clients, &clusters[i].listen);
	return count;
}

static void
claim_network(struct claims *claims, const struct model_network *network)
{
	static const struct model_list nobody;
	struct claimant who = {
	    .text = arena_printf(claims->scratch, "network \"%s\"",
		network->name.text),
	    .clients = &network->clients,
	    .listen = &network->listen,
	};

	claim(claims, &who);
	/* What comes in there is of the network wherever it comes from. */
	who.clients = &nobody;
	who.listen = &network->inbound_entry_points;
	claim(claims, &who);
}

static void
claim_cluster(struct claims *claims, const struct model_cluster *cluster)
{
	const struct claimant who = {
	    .text = arena_printf(claims->scratch, "cluster \"%s\"",
		cluster->name.text),
	    .clients = &cluster->clients,
	    .listen = &cluster->listen,
	};

	claim(claims, &who);
}

static void
report_claims(const struct unique *first, const struct unique *second,
    void *arg)
{
	struct diag *diag = arg;
	const char *one = first->owner;
	const char *two = second->owner;

	if (strcmp(one, two) == 0) {
		diag_error(diag, second->mark, "%s has %s twice", two,
		    second->text);
	} else {
		diag_error(diag, second->mark, "%s has %s, and so has %s", two,
		    second->text, one);
	}
	diag_note(diag, first->mark, "first claimed here");
}

static void
check_claims(const struct model *model, struct arena *scratch,
    struct diag *diag)
{
	const struct model_network *networks = model->networks.items;
	const struct model_cluster *clusters = model->gke_clusters.items;
	struct claims claims = {
	    .scratch = scratch,
	    .uniques = uniques_for(scratch, claims_count(model)),
	};

	for (size_t i = 0; i < model->networks.count; i++) {
		if (networks[i].name.text != NULL)
			claim_network(&claims, &networks[i]);
	}
	for (size_t i = 0; i < model->gke_clusters.count; i++) {
		if (clusters[i].name.text != NULL)
			claim_cluster(&claims, &clusters[i]);
	}
	if (!scratch->full)
		uniques_check(&claims.uniques, report_claims, diag);
}

void
check_network_all(const struct model *model, struct arena *scratch,
    struct diag *diag)
{
	check_networks(model, scratch, diag);
	check_clusters(model, scratch, diag);
	check_claims(model, scratch, diag);
}
