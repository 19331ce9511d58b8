#include "ctl/resolvconf.h"

#include <ctype.h>
#include <string.h>

enum { DNS_PORT = 53, LINE = 512 };

#define RESOLV_CONF   "/etc/resolv.conf"
#define PRODUCT_NAME  "/sys/class/dmi/id/product_name"
#define METADATA_ADDR "169.254.169.254"

static bool
resolvconf_is_own(const struct resolvconf_own *own, const struct addr *server)
{
	for (size_t i = 0; i < own->count; i++) {
		if (addr_equal(&own->addrs[i], server))
			return true;
	}
	return false;
}

static bool
resolvconf_has(const struct resolvconf *conf, const struct addr *server)
{
	for (size_t i = 0; i < conf->count; i++) {
		if (addr_equal(&conf->servers[i], server))
			return true;
	}
	return false;
}

/* The address on a "nameserver" line, cut out of it; NULL on other lines. */
static const char *
resolvconf_address(char *line)
{
	static const char keyword[] = "nameserver";
	char *address = line + sizeof(keyword) - 1;

	if (strncmp(line, keyword, sizeof(keyword) - 1) != 0 ||
	    !isblank((unsigned char)*address))
		return NULL;
	address += strspn(address, " \t");
	address[strcspn(address, " \t\r\n#;")] = '\0';
	return address;
}

static void
resolvconf_take(struct resolvconf *conf, const struct resolvconf_own *own,
    const char *address)
{
	struct addr server;

	if (conf->count == UPSTREAM_SERVERS ||
	    !addr_parse(address, DNS_PORT, &server) ||
	    resolvconf_has(conf, &server))
		return;
	if (resolvconf_is_own(own, &server)) {
		conf->own++;
	} else {
		conf->servers[conf->count++] = server;
	}
}

void
resolvconf_read(FILE *file, const struct resolvconf_own *own,
    struct resolvconf *out)
{
	char line[LINE];

	*out = (struct resolvconf){0};
	while (fgets(line, sizeof(line), file) != NULL) {
		const char *address = resolvconf_address(line);

		if (address != NULL)
			resolvconf_take(out, own, address);
	}
}

bool
resolvconf_is_gce(FILE *product_name)
{
	char line[LINE];

	if (fgets(line, sizeof(line), product_name) == NULL)
		return false;
	line[strcspn(line, "\n")] = '\0';
	return strcmp(line, "Google Compute Engine") == 0 ||
	    strcmp(line, "Google") == 0;
}

static bool
resolvconf_on_gce(void)
{
	FILE *file = fopen(PRODUCT_NAME, "re");
	bool gce;

	if (file == NULL)
		return false;
	gce = resolvconf_is_gce(file);
	fclose(file);
	return gce;
}

void
resolvconf_system(const struct resolvconf_own *own, struct resolvconf *out)
{
	FILE *file = fopen(RESOLV_CONF, "re");

	*out = (struct resolvconf){0};
	if (file != NULL) {
		resolvconf_read(file, own, out);
		fclose(file);
	}
	if (out->count == 0 && resolvconf_on_gce())
		resolvconf_take(out, own, METADATA_ADDR);
}
