#include "model/check_sense.h"

#include "model/check_alias.h"
#include "model/check_hidden.h"
#include "model/check_peer.h"
#include "model/check_reach.h"
#include "model/check_rules.h"
#include "model/check_shadow.h"
#include "model/check_vip.h"

enum { SCRATCH_BLOCK = 64 * 1024 };

typedef void (*check_fn)(const struct sense *sense, struct diag *diag);

static const check_fn checks[] = {check_reach_all, check_shadow_zones,
    check_hidden_records, check_alias_targets, check_vip_addresses,
    check_rules_all, check_peer_zones};

/* Without memory nothing is warned of: the model is right all the same. */
void
check_sense(const struct model *model, struct diag *diag)
{
	struct arena scratch;
	struct sense sense;

	arena_init_heap(&scratch, SCRATCH_BLOCK);
	if (sense_collect(&sense, model, &scratch)) {
		for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
			checks[i](&sense, diag);
	}
	arena_fini(&scratch);
}
