#include "dns/svcb.h"

#include <stdio.h>

#include "base/text.h"
#include "dns/svcb_key.h"

/* One parameter as it stands on the wire. */
struct param {
	uint16_t number;
	size_t at; /* of the key, in the reader's octets */
	struct reader value;
};

static bool
param_next(struct reader *reader, struct param *out)
{
	const size_t at = reader->at;
	const uint16_t number = reader_u16(reader);
	const uint16_t len = reader_u16(reader);
	const uint8_t *const value = reader_bytes(reader, len);

	if (reader->bad)
		return false;
	*out = (struct param){.number = number,
	    .at = at,
	    .value = reader_over(value, len)};
	return true;
}

static bool
param_find(struct reader params, uint16_t number, struct param *out)
{
	while (param_next(&params, out)) {
		if (out->number == number)
			return true;
	}
	return false;
}

static void
reverse(uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < len / 2; i++) {
		const uint8_t kept = octets[i];

		octets[i] = octets[len - 1 - i];
		octets[len - 1 - i] = kept;
	}
}

/*
 * Moves the parameter at `last`, the newest, to its place among those from
 * start on: RFC 9460 section 2.2 wants ascending keys.  False when it is there
 * already.
 */
static bool
param_sort(struct writer *writer, size_t start, size_t last, uint16_t number)
{
	uint8_t *const params = writer->wire + start;
	const size_t len = writer->at - start;
	struct reader reader = reader_over(params, last - start);
	struct param param;
	size_t place = last - start;

	while (param_next(&reader, &param)) {
		if (param.number == number)
			return false;
		if (param.number > number) {
			place = param.at;
			break;
		}
	}
	/* A rotation in place: both parts reversed, then the whole. */
	reverse(params + place, last - start - place);
	reverse(params + (last - start), len - (last - start));
	reverse(params + place, len - place);
	return true;
}

/* Reads key or key=value and writes it where it belongs. */
static const char *
param_from_text(char *text, struct writer *writer, size_t start)
{
	const size_t at = writer->at;
	char *const equals = strchr(text, '=');
	char *const value = equals == NULL ? NULL : equals + 1;
	const struct svcb_key *key;
	uint16_t number;
	const char *fault;

	if (equals != NULL)
		*equals = '\0';
	key = svcb_key_from_text(text, &number);
	if (key == NULL)
		return "has a parameter whose key is not known";
	if (value == NULL && key->value == KEY_NEEDS_VALUE)
		return "has a parameter without the value its key needs";
	writer_u16(writer, number);
	writer_u16(writer, 0);
	fault = key->parse(value, writer);
	if (fault != NULL || writer->bad)
		return fault;
	writer_patch_u16(writer, at + 2, (uint16_t)(writer->at - at - 4));
	if (!param_sort(writer, start, at, number))
		return "has a parameter twice";
	return NULL;
}

/* Whether every key under mandatory is there, RFC 9460 section 8. */
static bool
mandatory_kept(struct reader params)
{
	struct param mandatory;
	struct param found;

	if (!param_find(params, KEY_MANDATORY, &mandatory))
		return true;
	while (reader_left(&mandatory.value) > 0) {
		const uint16_t number = reader_u16(&mandatory.value);

		if (!param_find(params, number, &found))
			return false;
	}
	return true;
}

static bool
default_alpn_kept(struct reader params)
{
	struct param found;

	return !param_find(params, KEY_NO_DEFAULT_ALPN, &found) ||
	    param_find(params, KEY_ALPN, &found);
}

/* What is wrong with parameters that are sorted, each for itself and all. */
static const char *
params_fault(struct reader params)
{
	struct reader reader = params;
	struct param param;

	while (reader_left(&reader) > 0) {
		if (!param_next(&reader, &param))
			return "has a parameter that is cut short";
		if (!svcb_key_of(param.number)->fits(param.value)) {
			return "has a parameter whose value is not one of its "
			       "key";
		}
	}
	if (!mandatory_kept(params))
		return "lists a key under mandatory that it does not have";
	/* RFC 9460 section 7.1.1. */
	if (!default_alpn_kept(params))
		return "has no-default-alpn without alpn";
	return NULL;
}

static const char *
params_from_text(struct token_reader *words, struct writer *writer)
{
	const size_t start = writer->at;
	struct token word;

	while (token_next(words, &word)) {
		const char *fault;

		if (word.form == TOKEN_QUOTED)
			return "has quotes around a whole parameter";
		fault = param_from_text(word.text, writer, start);
		if (fault != NULL || writer->bad)
			return fault;
	}
	return params_fault(
	    reader_over(writer->wire + start, writer->at - start));
}

const char *
svcb_from_text(struct token_reader *words, const struct name *origin,
    struct writer *writer)
{
	struct token priority;
	struct token target;
	struct name name;
	uint64_t number;
	const char *fault;

	if (!token_next(words, &priority) || !token_next(words, &target)) {
		return "needs a priority, a name and parameters, as in "
		       "'1 . alpn=h2,h3'";
	}
	if (!number_parse(priority.text, 0, UINT16_MAX, &number))
		return "has a priority that is not a number from 0 to 65535";
	fault = token_name(target.text, origin, &name);
	if (fault != NULL)
		return fault;
	writer_u16(writer, (uint16_t)number);
	writer_bytes(writer, name.wire, name.len);
	return writer->bad ? NULL : params_from_text(words, writer);
}

/* Steps over priority and target; what is left are the parameters. */
static struct reader
params_of(struct reader *reader)
{
	struct name target;
	size_t left;

	reader_u16(reader);
	name_read_plain(&target, reader);
	left = reader_left(reader);
	return reader_over(reader->wire + reader->at, left);
}

bool
svcb_fits(const uint8_t *rdata, size_t len)
{
	struct reader reader = reader_over(rdata, len);
	struct reader params = params_of(&reader);
	struct param param;
	long last = -1;

	if (reader.bad || params_fault(params) != NULL)
		return false;
	while (param_next(&params, &param)) {
		if (param.number <= last || param.number == KEY_INVALID)
			return false;
		last = param.number;
	}
	return true;
}

static void
param_put(const struct param *param, struct writer *out)
{
	const struct svcb_key *const key = svcb_key_of(param->number);
	char buf[SVCB_KEY_TEXT];

	token_put(out, " ");
	token_put(out, svcb_key_to_text(param->number, buf));
	if (param->value.len > 0)
		token_put(out, "=");
	key->put(param->value, out);
}

void
svcb_put_text(const uint8_t *rdata, size_t len, struct writer *out)
{
	struct reader reader = reader_over(rdata, len);
	char text[NAME_TEXT];
	struct name target;
	struct param param;

	snprintf(text, sizeof(text), "%u ", reader_u16(&reader));
	token_put(out, text);
	name_read_plain(&target, &reader);
	token_put(out, name_to_text(target.wire, text));
	while (!out->bad && param_next(&reader, &param))
		param_put(&param, out);
}
