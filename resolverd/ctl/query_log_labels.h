#ifndef CTL_QUERY_LOG_LABELS_H
#define CTL_QUERY_LOG_LABELS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/arena.h"

struct model;

/*
 * What the configuration says of networks and VMs, as Cloud Logging's entries
 * show it: written once for each configuration, not once an entry.
 */

/* A network's part of an entry. */
struct query_log_network {
	const char *name;
	const char *log_name; /* with quotes */
	const char *labels;   /* members "location" and "project_id" */
};

/* A VM's. */
struct query_log_vm {
	const char *network;
	struct addr addr;    /* without a port */
	const char *members; /* ,"vmInstanceId":... and so on */
};

struct query_log_labels {
	struct arena arena;
	struct query_log_network *networks; /* sorted; the last is unnamed */
	size_t network_count;
	struct query_log_vm *vms; /* sorted */
	size_t vm_count;
};

/* False when memory is short; then there is nothing to free. */
bool query_log_labels_make(struct query_log_labels *labels,
    const struct model *model);
void query_log_labels_free(struct query_log_labels *labels);

/* What is known of a network: one without a name when that is nothing. */
const struct query_log_network *
query_log_labels_network(const struct query_log_labels *labels,
    const char *name);

/* The members of the VM at an address in a network, or "". */
const char *query_log_labels_vm(const struct query_log_labels *labels,
    const char *network, const struct addr *addr);

#endif
