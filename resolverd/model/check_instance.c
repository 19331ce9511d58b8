#include "model/check_instance.h"

#include "model/check_form.h"
#include "model/check_network.h"
#include "model/reference.h"
#include "model/uniques.h"

static void
report_address(const struct unique *first, const struct unique *second,
    void *arg)
{
	struct diag *diag = arg;
	const struct model_network *network = second->scope;

	diag_error(diag, second->mark,
	    "network \"%s\" has %s twice, and two things cannot have one "
	    "address",
	    network->name.text, second->text);
	diag_note(diag, first->mark, "it is taken here");
}

static void
address_add(struct uniques *addresses, const struct model_network *network,
    const struct model_addr *addr, struct arena *scratch)
{
	char text[ADDR_TEXT];

	if (addr->addr.len == 0 || network == NULL)
		return;
	uniques_add(addresses,
	    &(struct unique){
		.scope = network,
		.text =
		    arena_strdup(scratch, addr_format_host(&addr->addr, text)),
		.mark = addr->mark,
	    });
}

/* The project that an instance's names have, or NULL. */
static const char *
project_of(const struct model_instance *instance,
    const struct model_network *network)
{
	if (instance->project.text != NULL)
		return instance->project.text;
	return network == NULL ? NULL : network->project.text;
}

static void
check_vm(const struct model_instance *instance,
    const struct model_network *network, struct diag *diag)
{
	check_form_resource(&instance->name, diag);
	check_form_zone(&instance->zone, diag);
	check_form_project(&instance->project, diag);
	if (instance->network_ip.mark.file == NULL &&
	    instance->ipv6_address.mark.file == NULL) {
		diag_error(diag, instance->mark,
		    "an instance needs network_ip or ipv6_address");
	}
	if (network == NULL || project_of(instance, network) != NULL)
		return;
	diag_error(diag, instance->mark,
	    "an instance needs a project, its own or its network's: it is in "
	    "the names that internal DNS has");
}

/* The name that a VM has in internal DNS, without which it has none. */
static const char *
vm_name(const struct model_instance *instance,
    const struct model_network *network, struct arena *scratch)
{
	const char *project = project_of(instance, network);

	if (instance->name.text == NULL || instance->zone.text == NULL ||
	    project == NULL)
		return NULL;
	return arena_printf(scratch, "%s.%s.c.%s.internal", instance->name.text,
	    instance->zone.text, project);
}

static void
check_vms(const struct model *model, struct uniques *addresses,
    struct arena *scratch, struct diag *diag)
{
	const struct model_instance *vms = model->instances.items;
	struct uniques names = uniques_for(scratch, model->instances.count);

	for (size_t i = 0; i < model->instances.count; i++) {
		const struct model_network *network =
		    reference_network(model, &vms[i].network);

		check_network_ref(model, &vms[i].network, diag);
		check_vm(&vms[i], network, diag);
		address_add(addresses, network, &vms[i].network_ip, scratch);
		address_add(addresses, network, &vms[i].ipv6_address, scratch);
		uniques_add(&names,
		    &(struct unique){
			.text = vm_name(&vms[i], network, scratch),
			.owner = "instance",
			.mark = vms[i].name.mark,
		    });
	}
	uniques_check(&names, uniques_declared_twice, diag);
}

static void
check_endpoints(const struct model *model, struct uniques *addresses,
    struct arena *scratch, struct diag *diag)
{
	const struct model_psc_endpoint *endpoints = model->psc_endpoints.items;
	const size_t count = model->psc_endpoints.count;
	struct uniques names = uniques_for(scratch, count);

	for (size_t i = 0; i < count; i++) {
		const struct model_network *network =
		    reference_network(model, &endpoints[i].network);
		const struct model_text *services = endpoints[i].services.items;

		check_form_resource(&endpoints[i].name, diag);
		check_network_ref(model, &endpoints[i].network, diag);
		for (size_t j = 0; j < endpoints[i].services.count; j++)
			check_form_resource(&services[j], diag);
		address_add(addresses, network, &endpoints[i].address, scratch);
		uniques_add(&names,
		    &(struct unique){
			.scope = network,
			.text = endpoints[i].name.text,
			.owner = "PSC endpoint",
			.mark = endpoints[i].name.mark,
		    });
	}
	uniques_check(&names, uniques_declared_twice, diag);
}

void
check_instance_all(const struct model *model, struct arena *scratch,
    struct diag *diag)
{
	/* An instance has two addresses at most. */
	struct uniques addresses = uniques_for(scratch,
	    2 * model->instances.count + model->psc_endpoints.count);

	check_vms(model, &addresses, scratch, diag);
	check_endpoints(model, &addresses, scratch, diag);
	uniques_check(&addresses, report_address, diag);
}
