#include "core/errand.h"

void
errand_push(struct errands *errands, const struct errand *errand)
{
	if (errands->count < ERRANDS)
		errands->list[errands->count++] = *errand;
}

bool
errand_pop(struct errands *errands, struct errand *errand)
{
	if (errands->count == 0)
		return false;
	*errand = errands->list[--errands->count];
	return true;
}
