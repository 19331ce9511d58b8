#include "ctl/setup_network.h"

#include <string.h>

/* The sentences as they come. */
struct noting {
	const struct setup_network *network;
	const struct setup_wish *wish;
	struct arena *arena;
	const char **notes;
	size_t count;
	size_t cap;
};

void
setup_network_look(int root, bool live, struct setup_network *out)
{
	*out = (struct setup_network){.live = live};
	netplan_find(root, &out->netplan);
	guest_agent_find(root, &out->agent);
	if (live)
		out->link_count = link_domains_find(root, out->links);
}

static void
print_netplan(const struct netplan *netplan, FILE *out)
{
	fputs("the network is netplan's (", out);
	for (size_t i = 0; i < netplan->count; i++)
		fprintf(out, "%s%s", i == 0 ? "" : ", ", netplan->files[i]);
	fprintf(out,
	    ") by way of %s: nothing of it is changed, and 'netplan apply' "
	    "keeps what follows\n",
	    netplan_renderer_text(netplan));
}

static void
print_agent(const struct guest_agent *agent, FILE *out)
{
	fprintf(out, "Google's guest agent is here (%s)", agent->sign);
	if (agent->way == GUEST_AGENT_NOBODY) {
		fputs(" and told to leave the network alone\n", out);
		return;
	}
	fprintf(out,
	    " and has %s set up by %s: it writes %s, and none of what "
	    "follows\n",
	    agent->primary ? "interfaces" : "interfaces but the first",
	    guest_agent_way_text(agent->way), guest_agent_files(agent->way));
}

void
setup_network_print(const struct setup_network *network, FILE *out)
{
	if (network->netplan.count > 0)
		print_netplan(&network->netplan, out);
	if (network->agent.sign[0] != '\0')
		print_agent(&network->agent, out);
}

static void
write_words(struct json_writer *writer, const char *key, const char *words)
{
	json_writer_array(writer, key);
	while (*words != '\0') {
		const size_t len = strcspn(words, " ");
		char word[LINK_DOMAINS_TEXT];

		snprintf(word, sizeof(word), "%.*s", (int)len, words);
		json_writer_text(writer, NULL, word);
		words += len;
		words += strspn(words, " ");
	}
	json_writer_end(writer);
}

static void
write_netplan(const struct netplan *netplan, struct json_writer *writer)
{
	json_writer_object(writer, "netplan");
	json_writer_array(writer, "files");
	for (size_t i = 0; i < netplan->count; i++)
		json_writer_text(writer, NULL, netplan->files[i]);
	json_writer_end(writer);
	json_writer_array(writer, "renderers");
	if (netplan->networkd)
		json_writer_text(writer, NULL, "networkd");
	if (netplan->network_manager)
		json_writer_text(writer, NULL, "NetworkManager");
	json_writer_end(writer);
	write_words(writer, "search", netplan->search);
	json_writer_bool(writer, "use_domains", netplan->use_domains);
	json_writer_end(writer);
}

static void
write_agent(const struct guest_agent *agent, struct json_writer *writer)
{
	json_writer_object(writer, "guest_agent");
	json_writer_text(writer, "file", agent->sign);
	json_writer_text(writer, "by", guest_agent_way_text(agent->way));
	json_writer_bool(writer, "first_interface", agent->primary);
	json_writer_end(writer);
}

void
setup_network_write(const struct setup_network *network,
    struct json_writer *writer)
{
	json_writer_object(writer, "network");
	if (network->netplan.count > 0)
		write_netplan(&network->netplan, writer);
	if (network->agent.sign[0] != '\0')
		write_agent(&network->agent, writer);
	json_writer_array(writer, "links");
	for (size_t i = 0; i < network->link_count; i++) {
		const struct link_domains *link = &network->links[i];

		json_writer_object(writer, NULL);
		json_writer_text(writer, "name", link->link);
		write_words(writer, "domains", link->domains);
		json_writer_bool(writer, "all", link->all);
		json_writer_end(writer);
	}
	json_writer_end(writer);
	json_writer_end(writer);
}

static void
note(struct noting *noting, const char *text)
{
	if (noting->count < noting->cap)
		noting->notes[noting->count++] = text;
}

/* Whether names of a link's domain are meant to come to resolverd. */
static bool
is_wished(const struct setup_wish *wish, const char *domain)
{
	for (size_t i = 0; i < wish->domain_count; i++) {
		struct link_domains wished = {.all = false};
		char found[LINK_DOMAINS_TEXT];

		snprintf(wished.domains, sizeof(wished.domains), "%s",
		    wish->domains[i]);
		if (link_domains_of(&wished, domain, found)[0] != '\0')
			return true;
	}
	return wish->domain_count == 0;
}

/* Those of a link's domains, with commas; "": none. */
static const char *
lost_domains(const struct noting *noting, const char *domains)
{
	const char *lost = "";

	while (*domains != '\0' && lost != NULL) {
		const size_t len = strcspn(domains, " ");
		char domain[LINK_DOMAINS_TEXT];

		snprintf(domain, sizeof(domain), "%.*s", (int)len, domains);
		if (is_wished(noting->wish, domain)) {
			lost = arena_printf(noting->arena, "%s%s%s", lost,
			    lost[0] == '\0' ? "" : ", ", domain);
		}
		domains += len;
		domains += strspn(domains, " ");
	}
	return lost;
}

/* What links will have by netplan's files, DHCP's left out. */
static struct link_domains
given_by_netplan(const struct netplan *netplan)
{
	struct link_domains given = {.all = false};

	link_domains_add(&given, netplan->search);
	return given;
}

const char *
setup_network_rival(const struct setup_network *network)
{
	for (size_t i = 0; i < network->link_count; i++) {
		if (network->links[i].all)
			return network->links[i].link;
	}
	return !network->live && given_by_netplan(&network->netplan).all
	    ? "netplan's link"
	    : NULL;
}

static void
note_link(struct noting *noting, const struct link_domains *link)
{
	const char *lost = lost_domains(noting, link->domains);

	if (lost != NULL && lost[0] == '\0')
		return;
	note(noting,
	    lost == NULL
		? NULL
		: arena_printf(noting->arena,
		      "names below %s go past resolverd to the servers of %s, "
		      "whose domains these are by %s",
		      lost, link->link,
		      noting->network->netplan.count > 0
			  ? "netplan's 'use-domains' or 'nameservers: search'"
			  : "DHCP or its own file"));
}

/* What links will have once the machine runs. */
static void
note_netplan(struct noting *noting)
{
	const struct netplan *netplan = &noting->network->netplan;
	const struct link_domains given = given_by_netplan(netplan);
	const char *lost = lost_domains(noting, given.domains);

	if (lost == NULL || lost[0] != '\0') {
		note(noting,
		    lost == NULL
			? NULL
			: arena_printf(noting->arena,
			      "names below %s go past resolverd to the servers "
			      "of the links whose domains these are by "
			      "netplan's 'nameservers: search'",
			      lost));
	}
	if (netplan->use_domains) {
		note(noting,
		    "names below the domains that DHCP gives a link go past "
		    "resolverd to its servers, by netplan's 'use-domains': on "
		    "Google Cloud c.PROJECT.internal and google.internal");
	}
}

size_t
setup_network_notes(const struct setup_network *network,
    const struct setup_wish *wish, struct arena *arena, const char **notes,
    size_t cap)
{
	struct noting noting = {
	    .network = network,
	    .wish = wish,
	    .arena = arena,
	    .notes = notes,
	    .cap = cap,
	};

	for (size_t i = 0; i < network->link_count; i++)
		note_link(&noting, &network->links[i]);
	if (!network->live)
		note_netplan(&noting);
	return noting.count;
}
