#include "core/policy.h"

#include <assert.h>

/* The rules whose selectors are a name, or "*" below it. */
struct pair {
	const struct rule *exact;
	const struct rule *wildcard;
};

bool
policy_init(struct policy *policy, size_t count, struct arena *arena)
{
	policy->count = 0;
	return suffix_init(&policy->rules, count, arena);
}

/* The pair of a name, made if there is none yet; NULL: the arena is full. */
static struct pair *
policy_pair(struct policy *policy, const uint8_t *name,
    const struct hash_key *key, struct arena *arena)
{
	struct pair *pair = arena_calloc(arena, 1, sizeof(*pair));
	const struct pair *known;
	struct path path;

	if (pair == NULL)
		return NULL;
	path_set(&path, name, key);
	known = suffix_add(&policy->rules, &path, name, pair);
	if (known == NULL)
		return pair;
	*pair = *known;
	suffix_replace(&policy->rules, &path, pair);
	return pair;
}

bool
policy_add(struct policy *policy, const struct rule *rule,
    const struct hash_key *key, struct arena *arena)
{
	const bool wildcard = name_is_wildcard(rule->selector);
	const uint8_t *name =
	    wildcard ? name_strip(rule->selector, 1) : rule->selector;
	struct pair *pair = policy_pair(policy, name, key, arena);

	if (pair == NULL)
		return false;
	assert((wildcard ? pair->wildcard : pair->exact) == NULL);
	if (wildcard) {
		pair->wildcard = rule;
	} else {
		pair->exact = rule;
	}
	policy->count++;
	return true;
}

const struct rule *
policy_find(const struct policy *policy, const struct path *path)
{
	const struct pair *pair;

	for (unsigned n = 0;
	     (pair = suffix_find_from(&policy->rules, path, &n)) != NULL; n++) {
		const struct rule *rule = n == 0 ? pair->exact : pair->wildcard;

		if (rule != NULL)
			return rule;
	}
	return NULL;
}
