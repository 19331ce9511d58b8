#include "base/late.h"

#include <dlfcn.h>
#include <stdio.h>

#include "base/version.h"

static bool
late_open(const struct late *late)
{
	for (size_t i = 0; i < LATE_FILES; i++) {
		if (late->files[i] != NULL &&
		    dlopen(late->files[i], RTLD_NOW | RTLD_GLOBAL) == NULL)
			return false;
	}
	return true;
}

/* POSIX lets what dlsym finds be a function. */
static bool
late_bind(const struct late *late)
{
	for (size_t i = 0; i < late->function_count; i++) {
		const struct late_function *function = &late->functions[i];
		void *const found = dlsym(RTLD_DEFAULT, function->name);

		if (found == NULL)
			return false;
		*(void **)function->place = found;
	}
	return true;
}

/* Those who were told why have it still: it does not change. */
static void
late_explain(struct late *late, bool bound)
{
	const char *trouble = bound ? NULL : dlerror();

	if (late->why[0] != '\0')
		return;
	if (bound) {
		snprintf(late->why, LATE_WHY,
		    "%s %s is too old: %s or later is needed", late->name,
		    late->version(), late->least);
	} else {
		snprintf(late->why, LATE_WHY, "%s cannot be loaded: %s",
		    late->name, trouble == NULL ? "out of memory" : trouble);
	}
}

static bool
late_try(struct late *late)
{
	const bool bound = late_open(late) && late_bind(late);

	if (bound && !version_is_older(late->version(), late->least))
		return true;
	late_explain(late, bound);
	return false;
}

const char *
late_load(struct late *late)
{
	bool loaded = atomic_load_explicit(&late->loaded, memory_order_acquire);

	if (loaded)
		return NULL;
	pthread_mutex_lock(&late->lock);
	loaded = atomic_load(&late->loaded) || late_try(late);
	atomic_store_explicit(&late->loaded, loaded, memory_order_release);
	pthread_mutex_unlock(&late->lock);
	return loaded ? NULL : late->why;
}

const char *
late_trouble(struct late *late)
{
	const char *why;

	pthread_mutex_lock(&late->lock);
	why = atomic_load(&late->loaded) || late->why[0] == '\0' ? NULL
								 : late->why;
	pthread_mutex_unlock(&late->lock);
	return why;
}

const char *
late_version(struct late *late)
{
	return atomic_load_explicit(&late->loaded, memory_order_acquire)
	    ? late->version()
	    : NULL;
}
