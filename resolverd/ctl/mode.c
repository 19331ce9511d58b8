#include "ctl/mode.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { DNS_PORT = 53, WORDS = 4, WRONG = 256, GIVEN = 64 };

static const char *const words[WORDS] = {
    [MODE_RESTRICTED] = "restricted",
    [MODE_PRIVATE] = "private",
    [MODE_PSC] = "psc",
    [MODE_OFF] = "off",
};

static const struct mark by_order = {.file = "mode"};

struct mode_choice
mode_of(const struct model *model)
{
	return (struct mode_choice){
	    .mode = model->mode,
	    .mark = model->mode_mark,
	    .psc = model->psc_address,
	};
}

void
mode_apply(const struct mode_choice *choice, struct model *model)
{
	model->mode = choice->mode;
	model->mode_mark = choice->mark;
	model->psc_address = choice->psc;
}

static const char *
wrong_word(const char *word, char buf[WRONG])
{
	const char *nearest = text_nearest(word, words, WORDS);
	char given[GIVEN];

	text_escape(word, given, sizeof(given));
	if (nearest == NULL) {
		snprintf(buf, WRONG,
		    "the mode must be restricted, private, psc, off or "
		    "default, not '%s'",
		    given);
	} else {
		snprintf(buf, WRONG,
		    "there is no mode '%s' (did you mean "
		    "'%s'?)",
		    given, nearest);
	}
	return buf;
}

static const char *
wrong_address(const char *address, char buf[WRONG])
{
	char given[GIVEN];

	snprintf(buf, WRONG,
	    "the endpoint's address must be an IPv4 address such as "
	    "10.10.10.10, not '%s'",
	    text_escape(address, given, sizeof(given)));
	return buf;
}

static bool
read_address(const char *text, struct addr *addr)
{
	if (!addr_parse(text, 0, addr) || addr_port(addr) != 0 ||
	    addr->u.any.sa_family != AF_INET)
		return false;
	addr_set_port(addr, DNS_PORT);
	return true;
}

const char *
mode_read(struct mode_choice *choice, const char *word, const char *address,
    const struct mode_choice *other, char buf[WRONG])
{
	struct mode_choice read = {.mark = by_order, .psc = other->psc};
	unsigned mode = 0;

	while (mode < WORDS && strcmp(words[mode], word) != 0)
		mode++;
	if (mode == WORDS)
		return wrong_word(word, buf);
	read.mode = (enum mode)mode;
	if (address != NULL && read.mode != MODE_PSC)
		return "only mode psc has an address";
	if (address != NULL) {
		if (!read_address(address, &read.psc.addr))
			return wrong_address(address, buf);
		read.psc.mark = by_order;
	} else if (read.mode == MODE_PSC && read.psc.mark.file == NULL) {
		return "mode psc needs the endpoint's address: psc 10.10.10.10";
	}
	*choice = read;
	return NULL;
}

const char *
mode_word(enum mode mode)
{
	return words[mode];
}

const char *
mode_text(const struct mode_choice *choice, char buf[MODE_TEXT])
{
	char addr[ADDR_TEXT];

	if (choice->mode != MODE_PSC)
		return words[choice->mode];
	snprintf(buf, MODE_TEXT, "psc (%.40s)",
	    addr_format_host(&choice->psc.addr, addr));
	return buf;
}

bool
mode_equal(const struct mode_choice *a, const struct mode_choice *b)
{
	return a->mode == b->mode &&
	    (a->mode != MODE_PSC || addr_equal(&a->psc.addr, &b->psc.addr));
}
