#include "model/uniques.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct uniques
uniques_for(struct arena *scratch, size_t size)
{
	struct unique *items = arena_calloc(scratch, size, sizeof(*items));

	return (struct uniques){
	    .items = items,
	    .size = items == NULL ? 0 : size,
	};
}

void
uniques_add(struct uniques *uniques, const struct unique *unique)
{
	const size_t at = uniques->count;

	if (at == uniques->size ||
	    (unique->text == NULL && unique->name == NULL))
		return;
	uniques->items[at] = *unique;
	uniques->items[at].order = at;
	uniques->count++;
}

static int
compare_things(const struct unique *a, const struct unique *b)
{
	const uintptr_t left = (uintptr_t)a->scope;
	const uintptr_t right = (uintptr_t)b->scope;

	if (left != right)
		return left < right ? -1 : 1;
	return a->text != NULL ? strcmp(a->text, b->text)
			       : name_compare(a->name, b->name);
}

static int
compare(const void *a, const void *b)
{
	const struct unique *left = a;
	const struct unique *right = b;
	const int order = compare_things(left, right);

	if (order != 0)
		return order;
	return left->order < right->order ? -1 : 1;
}

void
uniques_check(struct uniques *uniques, uniques_fn report, void *arg)
{
	const struct unique *items = uniques->items;
	size_t first = 0;

	if (uniques->count == 0)
		return;
	qsort(uniques->items, uniques->count, sizeof(*items), compare);
	for (size_t i = 1; i < uniques->count; i++) {
		if (compare_things(&items[first], &items[i]) == 0) {
			report(&items[first], &items[i], arg);
		} else {
			first = i;
		}
	}
}

void
uniques_declared_twice(const struct unique *first, const struct unique *second,
    void *arg)
{
	struct diag *diag = arg;
	const char *what = second->owner;
	char text[NAME_TEXT];

	diag_error(diag, second->mark, "%s \"%s\" is declared twice", what,
	    second->text != NULL ? second->text
				 : name_to_text(second->name->wire, text));
	diag_note(diag, first->mark, "first declared here");
}
