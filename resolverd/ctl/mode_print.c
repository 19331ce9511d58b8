#include "ctl/mode_print.h"

#include <stdio.h>

#include "ctl/date.h"
#include "ctl/remote.h"

static void
print_choice(const struct node *choice)
{
	const char *mode = remote_text(choice, "mode");
	const char *address = remote_text(choice, "psc_address");

	printf("%s", mode == NULL ? "-" : mode);
	if (address != NULL)
		printf(" (%s)", address);
}

static void
print_order(const struct node *order)
{
	const char *by = remote_text(order, "by");
	const char *until = remote_text(order, "until");
	char span[DATE_SPAN];

	printf("\n           ordered by %s", by == NULL ? "-" : by);
	if (until != NULL) {
		printf("\n           until %s, in %s", until,
		    date_span(remote_number(order, "seconds_left"), span));
	}
	printf("\n           configured: ");
}

void
mode_print(const struct node *answer)
{
	const struct node *order = node_get(answer, "order");

	printf("mode       ");
	print_choice(node_get(answer, "in_force"));
	if (order != NULL) {
		print_order(order);
		print_choice(node_get(answer, "configured"));
	}
	putchar('\n');
}
