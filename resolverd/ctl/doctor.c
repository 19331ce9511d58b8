#include "ctl/doctor.h"

#include <stdarg.h>
#include <stdio.h>

#include "io/clock.h"

enum { TEXT = 1024, ASK_MS = 2000, MILLISECOND = 1000000 };

/* A text in the arena; "" when that is full. */
static const char *__attribute__((format(printf, 2, 0)))
keep(struct doctor *doctor, const char *format, va_list list)
{
	char text[TEXT];
	const char *kept;

	vsnprintf(text, sizeof(text), format, list);
	kept = arena_strdup(&doctor->arena, text);
	return kept == NULL ? "" : kept;
}

static void
add(struct doctor *doctor, enum doctor_result result, const char *text)
{
	struct doctor_finding *finding =
	    arena_calloc(&doctor->arena, 1, sizeof(*finding));

	if (doctor->demote && result != DOCTOR_SKIP)
		result = DOCTOR_PASS;
	doctor->counts[result]++;
	if (finding == NULL)
		return;
	finding->subject = doctor->subject;
	finding->check = doctor->check;
	finding->result = result;
	finding->text = text;
	if (doctor->first == NULL) {
		doctor->first = finding;
	} else {
		doctor->last->next = finding;
	}
	doctor->last = finding;
}

void
doctor_pass(struct doctor *doctor, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add(doctor, DOCTOR_PASS, keep(doctor, format, list));
	va_end(list);
}

void
doctor_warn(struct doctor *doctor, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add(doctor, DOCTOR_WARN, keep(doctor, format, list));
	va_end(list);
}

void
doctor_fail(struct doctor *doctor, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add(doctor, DOCTOR_FAIL, keep(doctor, format, list));
	va_end(list);
}

void
doctor_skip(struct doctor *doctor, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add(doctor, DOCTOR_SKIP, keep(doctor, format, list));
	va_end(list);
}

void
doctor_evidence(struct doctor *doctor, const char *format, ...)
{
	va_list list;

	if (doctor->last == NULL)
		return;
	va_start(list, format);
	doctor->last->evidence = keep(doctor, format, list);
	va_end(list);
}

void
doctor_fix(struct doctor *doctor, const char *format, ...)
{
	va_list list;

	if (doctor->last == NULL || doctor->demote)
		return;
	va_start(list, format);
	doctor->last->fix = keep(doctor, format, list);
	va_end(list);
}

unsigned
doctor_patience(const struct doctor *doctor, unsigned most)
{
	const uint64_t now = clock_now();
	const uint64_t left =
	    now < doctor->until ? (doctor->until - now) / MILLISECOND : 0;

	return left < most ? (unsigned)left : most;
}

struct stub
doctor_stub(const struct doctor *doctor, const struct addr *server)
{
	struct stub stub = stub_to(server);

	stub.timeout_ms = doctor_patience(doctor, ASK_MS);
	return stub;
}
