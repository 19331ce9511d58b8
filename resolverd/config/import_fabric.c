#include "config/import_fabric.h"

#include <string.h>

#include "config/import_node.h"

/*
 * Fabric's files speak of what other files define as "$networks:hub": what
 * follows the colon is the name.
 */
static const char *
context_name(const char *text)
{
	const char *colon = text[0] == '$' ? strchr(text, ':') : NULL;

	return colon == NULL ? text : colon + 1;
}

static struct node *
text_node(struct import *import, const char *text, struct mark mark)
{
	return import_node_scalar(&import->scratch, text, true, mark);
}

static struct node *
map_at(struct import *import, const struct node *where)
{
	return import_node_new(&import->scratch, NODE_MAP, where->mark);
}

static struct node *
list_at(struct import *import, const struct node *where)
{
	return import_node_new(&import->scratch, NODE_LIST, where->mark);
}

static void
put_text(struct import *import, struct node *map, const char *key,
    const char *text, struct mark mark)
{
	import_node_put(&import->scratch, map, key,
	    text_node(import, text, mark));
}

/* {network_url: NAME} */
static struct node *
network_node(struct import *import, const struct node *value)
{
	struct node *map = map_at(import, value);

	if (value->kind == NODE_SCALAR) {
		put_text(import, map, "network_url", context_name(value->text),
		    value->mark);
	}
	return map;
}

/* [{network_url: NAME}, ...] */
static struct node *
networks_node(struct import *import, const struct node *value)
{
	struct node *list = list_at(import, value);

	for (const struct node *child = value->first; child != NULL;
	     child = child->next) {
		import_node_put(&import->scratch, list, NULL,
		    network_node(import, child));
	}
	return list;
}

/* Rules. */

/* One set of local data: its type is a key, its name the rule's. */
static struct node *
local_set(struct import *import, const struct node *type, const char *name)
{
	struct node *set = map_at(import, type);

	put_text(import, set, "name", name, type->key->mark);
	put_text(import, set, "type", type->key->text, type->key->mark);
	for (const struct node *child = type->first; child != NULL;
	     child = child->next) {
		/* The name is the rule's, whatever stands here. */
		if (child->key != NULL &&
		    strcmp(child->key->text, "name") != 0) {
			import_node_put(&import->scratch, set, child->key->text,
			    child);
		}
	}
	return set;
}

static struct node *
local_data(struct import *import, const struct node *by_type, const char *name)
{
	struct node *map = map_at(import, by_type);
	struct node *list = list_at(import, by_type);

	for (const struct node *type = by_type->first; type != NULL;
	     type = type->next) {
		import_node_put(&import->scratch, list, NULL,
		    type->kind == NODE_MAP ? local_set(import, type, name)
					   : type);
	}
	import_node_put(&import->scratch, map, "local_datas", list);
	return map;
}

/* Local data comes before a behavior, and neither means the bypass. */
static void
put_action(struct import *import, const struct node *rule, const char *name,
    struct node *out)
{
	const struct node *data = import_node_get(rule, "local_data");
	const struct node *behavior = import_node_get(rule, "behavior");

	if (!import_node_is_nothing(data) && data->kind == NODE_MAP) {
		import_node_put(&import->scratch, out, "local_data",
		    local_data(import, data, name));
	} else if (!import_node_is_nothing(behavior)) {
		import_node_put(&import->scratch, out, "behavior", behavior);
	} else {
		put_text(import, out, "behavior", "bypassResponsePolicy",
		    rule->mark);
	}
}

static struct node *
rule_node(struct import *import, const struct node *rule)
{
	const char *name = import_node_text(rule, "dns_name");
	struct node *out = map_at(import, rule);

	put_text(import, out, "rule_name", rule->key->text, rule->key->mark);
	for (const struct node *child = rule->first; child != NULL;
	     child = child->next) {
		if (strcmp(child->key->text, "local_data") != 0 &&
		    strcmp(child->key->text, "behavior") != 0) {
			import_node_put(&import->scratch, out, child->key->text,
			    child);
		}
	}
	put_action(import, rule, name == NULL ? "" : name, out);
	return out;
}

bool
import_fabric_rules(struct import *import, const struct node *rules,
    const char *policy)
{
	if (rules->kind != NODE_MAP)
		return false;
	for (const struct node *rule = rules->first; rule != NULL;
	     rule = rule->next) {
		if (rule->kind != NODE_MAP) {
			import_stage_tell(import, IMPORT_FAULT, rule->mark,
			    "rule \"%s\" must be a mapping, not %s",
			    rule->key->text, node_kind_text(rule));
			import->source->broken = true;
			import_stage_flush(import);
			continue;
		}
		import_stage_resource(import,
		    &(struct import_resource){
			.kind = IMPORT_RULE,
			.node = rule_node(import, rule),
			.parent = policy,
		    });
	}
	return true;
}

static bool
are_rules(const struct node *map)
{
	if (map->kind != NODE_MAP || map->first == NULL)
		return false;
	for (const struct node *child = map->first; child != NULL;
	     child = child->next) {
		if (import_node_get(child, "dns_name") == NULL)
			return false;
	}
	return true;
}

/* A response policy, named for its file. */
static void
take_policy(struct import *import, const struct node *document)
{
	const struct node *networks = import_node_get(document, "networks");
	const struct node *project = import_node_get(document, "project_id");
	struct node *out = map_at(import, document);
	const char *name = import->source->stem;

	put_text(import, out, "response_policy_name", name, document->mark);
	for (const struct node *child = document->first; child != NULL;
	     child = child->next) {
		if (child != networks && child != project &&
		    strcmp(child->key->text, "rules") != 0) {
			import_node_put(&import->scratch, out, child->key->text,
			    child);
		}
	}
	if (networks != NULL) {
		import_node_put(&import->scratch, out, "networks",
		    networks_node(import, networks));
	}
	import_stage_resource(import,
	    &(struct import_resource){
		.kind = IMPORT_RESPONSE_POLICY,
		.node = out,
	    });
	import_fabric_rules(import, import_node_get(document, "rules"), name);
}

/* Zones. */

/* {target_name_servers: [{ipv4_address: KEY, forwarding_path: VALUE}]} */
static struct node *
forwarders_node(struct import *import, const struct node *forwarders)
{
	struct node *map = map_at(import, forwarders);
	struct node *list = list_at(import, forwarders);

	for (const struct node *child = forwarders->first; child != NULL;
	     child = child->next) {
		struct node *target = map_at(import, child);

		if (child->key == NULL)
			continue;
		put_text(import, target, "ipv4_address", child->key->text,
		    child->key->mark);
		import_node_put(&import->scratch, target, "forwarding_path",
		    child);
		import_node_put(&import->scratch, list, NULL, target);
	}
	import_node_put(&import->scratch, map, "target_name_servers", list);
	return map;
}

static struct node *
peering_node(struct import *import, const struct node *network)
{
	struct node *map = map_at(import, network);

	import_node_put(&import->scratch, map, "target_network",
	    network_node(import, network));
	return map;
}

static struct node *
visibility_node(struct import *import, const struct node *config)
{
	const struct node *networks =
	    import_node_get(config, "client_networks");
	struct node *map = map_at(import, config);

	if (networks != NULL) {
		import_node_put(&import->scratch, map, "networks",
		    networks_node(import, networks));
	}
	return map;
}

/* What stands under private:, forwarding: or peering:. */
static void
put_config(struct import *import, const struct node *config, struct node *out)
{
	const struct node *forwarders = import_node_get(config, "forwarders");
	const struct node *peer = import_node_get(config, "peer_network");

	put_text(import, out, "visibility", "private", config->mark);
	import_node_put(&import->scratch, out, "private_visibility_config",
	    visibility_node(import, config));
	import_node_put(&import->scratch, out, "service_directory_config",
	    import_node_get(config, "service_directory_namespace"));
	import_node_put(&import->scratch, out, "reverse_lookup",
	    import_node_get(config, "reverse_managed"));
	if (forwarders != NULL) {
		import_node_put(&import->scratch, out, "forwarding_config",
		    forwarders_node(import, forwarders));
	}
	if (peer != NULL) {
		import_node_put(&import->scratch, out, "peering_config",
		    peering_node(import, peer));
	}
}

static const struct node *
zone_config(const struct node *document)
{
	static const char *const kinds[] = {"private", "forwarding", "peering"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct node *config = import_node_get(document, kinds[i]);

		if (config != NULL && config->kind == NODE_MAP)
			return config;
	}
	return NULL;
}

static struct node *
zone_node(struct import *import, const struct node *document, const char *name)
{
	const struct node *config = zone_config(document);
	struct node *out = map_at(import, document);

	put_text(import, out, "name", name, document->mark);
	import_node_put(&import->scratch, out, "dns_name",
	    import_node_get(document, "domain"));
	import_node_put(&import->scratch, out, "description",
	    import_node_get(document, "description"));
	if (config != NULL) {
		put_config(import, config, out);
	} else {
		put_text(import, out, "visibility", "public", document->mark);
	}
	return out;
}

/* {wrr: list} or {geo: list}, in Terraform's form. */
static void
put_routing(struct import *import, const struct node *attributes,
    struct node *out)
{
	const struct node *wrr = import_node_get(attributes, "wrr_routing");
	const struct node *geo = import_node_get(attributes, "geo_routing");
	struct node *routing;

	if (wrr == NULL && geo == NULL)
		return;
	routing = map_at(import, attributes);
	import_node_put(&import->scratch, routing, "wrr", wrr);
	import_node_put(&import->scratch, routing, "geo", geo);
	import_node_put(&import->scratch, out, "routing_policy", routing);
}

/* "A www": its type, and its name, relative unless it ends with a dot. */
static void
put_key(struct import *import, const struct node *attributes,
    const char *domain, struct node *out)
{
	const char *key = attributes->key->text;
	const size_t len = strcspn(key, " ");
	const char *name = key[len] == '\0' ? "" : key + len + 1;
	const size_t name_len = strlen(name);
	const bool absolute = name_len > 0 && name[name_len - 1] == '.';
	const char *full = name_len == 0 ? domain
	    : absolute			 ? name
	    : strcmp(domain, ".") == 0
	    ? arena_printf(&import->scratch, "%s.", name)
	    : arena_printf(&import->scratch, "%s.%s", name, domain);

	put_text(import, out, "name", full, attributes->key->mark);
	put_text(import, out, "type",
	    arena_printf(&import->scratch, "%.*s", (int)len, key),
	    attributes->key->mark);
}

static struct node *
record_set_node(struct import *import, const struct node *attributes,
    const char *domain)
{
	struct node *out = map_at(import, attributes);

	put_key(import, attributes, domain, out);
	for (const struct node *child = attributes->first; child != NULL;
	     child = child->next) {
		const char *key = child->key == NULL ? "" : child->key->text;

		if (strcmp(key, "records") == 0) {
			import_node_put(&import->scratch, out, "rrdatas",
			    child);
		} else if (strcmp(key, "wrr_routing") != 0 &&
		    strcmp(key, "geo_routing") != 0 && key[0] != '\0') {
			import_node_put(&import->scratch, out, key, child);
		}
	}
	put_routing(import, attributes, out);
	return out;
}

static void
take_zone(struct import *import, const struct node *document)
{
	const char *name = import->source->guess != NULL ? import->source->guess
							 : import->source->stem;
	const char *domain = import_node_text(document, "domain");
	const struct node *sets = import_node_get(document, "recordsets");

	import_stage_resource(import,
	    &(struct import_resource){
		.kind = IMPORT_ZONE,
		.node = zone_node(import, document, name),
	    });
	if (sets == NULL || sets->kind != NODE_MAP || domain == NULL)
		return;
	for (const struct node *set = sets->first; set != NULL;
	     set = set->next) {
		import_stage_resource(import,
		    &(struct import_resource){
			.kind = IMPORT_RECORD_SET,
			.node = record_set_node(import, set, domain),
			.parent = name,
		    });
	}
}

static bool
is_zone(const struct node *document)
{
	return import_node_get(document, "domain") != NULL &&
	    (zone_config(document) != NULL ||
		import_node_get(document, "public") != NULL);
}

static bool
is_policy(const struct node *document)
{
	const struct node *rules = import_node_get(document, "rules");

	return rules != NULL && rules->kind == NODE_MAP &&
	    import_node_get(document, "networks") != NULL;
}

bool
import_fabric_take(struct import *import, const struct node *document)
{
	if (is_zone(document)) {
		take_zone(import, document);
	} else if (is_policy(document)) {
		take_policy(import, document);
	} else if (are_rules(document)) {
		import_fabric_rules(import, document, NULL);
	} else {
		return false;
	}
	return true;
}
