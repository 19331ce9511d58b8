#include "dns/rdata.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "dns/field.h"
#include "dns/late_ldns.h"
#include "dns/message.h"
#include "dns/svcb.h"
#include "dns/token.h"

enum { RDATA_MAX = 65535 };

/*
 * ldns takes numbers out of range, odd hexadecimal and relative names, and
 * reads past what it was given on broken wire.  So every field is checked
 * here first, as text and as wire; ldns knows which fields a type has and
 * what each of them means.
 */

/* How many octets a field takes on the wire. */
enum extent {
	EXTENT_FIXED,
	EXTENT_NAME,
	EXTENT_STRING, /* a length octet and as many octets */
	EXTENT_TAG,    /* the same, of letters and digits, one at least */
	EXTENT_REST,   /* what is left */
	EXTENT_SOME,   /* what is left, which is something */
};

/* A kind of field. */
struct kind {
	ldns_rdf_type type;
	enum extent extent;
	uint8_t size;				/* EXTENT_FIXED */
	const char *(*fault)(const char *text); /* NULL: a name */
};

static const struct kind kinds[] = {
    {LDNS_RDF_TYPE_NONE, EXTENT_FIXED, 0, field_nothing_fault},
    {LDNS_RDF_TYPE_DNAME, EXTENT_NAME, 0, NULL},
    {LDNS_RDF_TYPE_INT8, EXTENT_FIXED, 1, field_u8_fault},
    {LDNS_RDF_TYPE_INT16, EXTENT_FIXED, 2, field_u16_fault},
    {LDNS_RDF_TYPE_INT32, EXTENT_FIXED, 4, field_u32_fault},
    {LDNS_RDF_TYPE_A, EXTENT_FIXED, 4, field_a_fault},
    {LDNS_RDF_TYPE_AAAA, EXTENT_FIXED, 16, field_aaaa_fault},
    {LDNS_RDF_TYPE_STR, EXTENT_STRING, 0, field_string_fault},
    {LDNS_RDF_TYPE_LONG_STR, EXTENT_REST, 0, field_long_string_fault},
    {LDNS_RDF_TYPE_TAG, EXTENT_TAG, 0, field_tag_fault},
    {LDNS_RDF_TYPE_HEX, EXTENT_SOME, 0, field_hex_fault},
    {LDNS_RDF_TYPE_B64, EXTENT_SOME, 0, field_base64_fault},
    {LDNS_RDF_TYPE_PERIOD, EXTENT_FIXED, 4, field_period_fault},
    {LDNS_RDF_TYPE_TIME, EXTENT_FIXED, 4, field_time_fault},
    {LDNS_RDF_TYPE_TYPE, EXTENT_FIXED, 2, field_type_fault},
    {LDNS_RDF_TYPE_ALG, EXTENT_FIXED, 1, field_mnemonic_fault},
    {LDNS_RDF_TYPE_CERTIFICATE_USAGE, EXTENT_FIXED, 1, field_mnemonic_fault},
    {LDNS_RDF_TYPE_SELECTOR, EXTENT_FIXED, 1, field_mnemonic_fault},
    {LDNS_RDF_TYPE_MATCHING_TYPE, EXTENT_FIXED, 1, field_mnemonic_fault},
};

/* What a person should write instead, by type. */
static const struct hint {
	uint16_t type;
	const char *text;
} hints[] = {
    {TYPE_A, "is not an IPv4 address"},
    {TYPE_AAAA, "is not an IPv6 address"},
    {TYPE_CAA, "needs a flag, a tag and a value, as in '0 issue \"pki.goog\"'"},
    {TYPE_CNAME, "needs one name, as in 'www.example.com.'"},
    {TYPE_DNAME, "needs one name, as in 'www.example.com.'"},
    {TYPE_DS,
	"needs a key tag, an algorithm, a digest type and a digest, as in "
	"'60485 8 2 d4b7d520e7bb5f0f'"},
    {TYPE_IPSECKEY,
	"needs a precedence, a gateway type, an algorithm, a gateway and a "
	"key, as in '10 1 2 192.0.2.38 AQNRU3mG7TVTO2BkR47usntb'"},
    {TYPE_MX, "needs a priority and a name, as in '10 mail.example.com.'"},
    {TYPE_NAPTR,
	"needs an order, a preference, three strings and a name, as in "
	"'100 10 \"u\" \"E2U+sip\" \"!^.*$!sip:a@example.com!\" .'"},
    {TYPE_NS, "needs one name, as in 'ns1.example.com.'"},
    {TYPE_PTR, "needs one name, as in 'www.example.com.'"},
    {TYPE_SOA,
	"needs two names and five numbers, as in 'ns1.example.com. "
	"admin.example.com. 1 21600 3600 259200 300'"},
    {TYPE_SPF, "needs one string or more, as in '\"v=spf1 -all\"'"},
    {TYPE_SRV,
	"needs a priority, a weight, a port and a name, as in "
	"'0 5 5060 sip.example.com.'"},
    {TYPE_SSHFP,
	"needs an algorithm, a type and a fingerprint, as in "
	"'4 2 123456789abcdef67890'"},
    {TYPE_TLSA,
	"needs a usage, a selector, a matching type and data, as in "
	"'3 1 1 d2abde240d7cd3ee'"},
    {TYPE_TXT, "needs one string or more, as in '\"v=spf1 -all\"'"},
};

static const char *
hint_for(uint16_t type)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
		if (hints[i].type == type)
			return hints[i].text;
	}
	return "has too few or too many fields for its type";
}

static const struct kind *
kind_of(ldns_rdf_type type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (kinds[i].type == type)
			return &kinds[i];
	}
	return NULL;
}

/* The fields of a type. */
struct layout {
	uint16_t type;
	size_t min;
	size_t max;
	const ldns_rr_descriptor *ldns;
};

static struct layout
layout_of(uint16_t type)
{
	const ldns_rr_descriptor *const ldns = late_ldns.ldns_rr_descript(type);

	/* RFC 4025 section 2; to ldns it is one field. */
	if (type == TYPE_IPSECKEY)
		return (struct layout){type, 4, 5, ldns};
	return (struct layout){type, late_ldns.ldns_rr_descriptor_minimum(ldns),
	    late_ldns.ldns_rr_descriptor_maximum(ldns), ldns};
}

/* What IPSECKEY's fields are, given the wire before field i. */
static ldns_rdf_type
ipseckey_field(size_t i, const uint8_t *rdata)
{
	static const ldns_rdf_type gateways[] = {LDNS_RDF_TYPE_NONE,
	    LDNS_RDF_TYPE_A, LDNS_RDF_TYPE_AAAA, LDNS_RDF_TYPE_DNAME};

	if (i < 3)
		return LDNS_RDF_TYPE_INT8;
	if (i > 3)
		return LDNS_RDF_TYPE_B64;
	/* A type that RFC 4025 does not give: no row has this kind. */
	return rdata[1] < 4 ? gateways[rdata[1]] : LDNS_RDF_TYPE_IPSECKEY;
}

/*
 * The kind of field i, given the wire before it; NULL when resolverd does not
 * know how to read it, as with types that ldns does not know.
 */
static const struct kind *
layout_field(const struct layout *layout, size_t i, const uint8_t *rdata)
{
	if (layout->ldns->_type != layout->type)
		return NULL;
	if (layout->type == TYPE_IPSECKEY)
		return kind_of(ipseckey_field(i, rdata));
	return kind_of(
	    late_ldns.ldns_rr_descriptor_field_type(layout->ldns, i));
}

/* Whether every field is of a known kind. */
static bool
layout_known(const struct layout *layout)
{
	static const uint8_t none[2] = {0, 0};

	for (size_t i = 0; i < layout->min; i++) {
		if (layout_field(layout, i, none) == NULL)
			return false;
	}
	return layout->min > 0 &&
	    layout_field(layout, layout->max - 1, none) != NULL;
}

/* ldns reads these too, but by a draft: no port is too large for it. */
static bool
is_svcb(uint16_t type)
{
	return type == TYPE_SVCB || type == TYPE_HTTPS;
}

/* RFC 8659 section 4.1. */
static void
tag_skip(struct reader *reader)
{
	const uint8_t len = reader_u8(reader);
	const uint8_t *const tag = reader_bytes(reader, len);

	reader->bad = reader->bad || len == 0;
	for (size_t i = 0; !reader->bad && i < len; i++)
		reader->bad = !isalnum(tag[i]);
}

/* Steps over one field on the wire. */
static void
field_skip(const struct kind *kind, struct reader *reader)
{
	struct name name;

	switch (kind->extent) {
	case EXTENT_FIXED:
		reader_bytes(reader, kind->size);
		break;
	case EXTENT_NAME:
		name_read_plain(&name, reader);
		break;
	case EXTENT_STRING:
		reader_bytes(reader, reader_u8(reader));
		break;
	case EXTENT_TAG:
		tag_skip(reader);
		break;
	case EXTENT_SOME:
		reader->bad = reader->bad || reader_left(reader) == 0;
		reader_bytes(reader, reader_left(reader));
		break;
	case EXTENT_REST:
		reader_bytes(reader, reader_left(reader));
		break;
	}
}

/* Whether field i is there: it must be, or more octets are left. */
static bool
field_due(const struct layout *layout, size_t i, const struct reader *reader)
{
	return !reader->bad &&
	    (i < layout->min || (i < layout->max && reader_left(reader) > 0));
}

/* Whether the octets are data of the type, all of them. */
static bool
data_fits(uint16_t type, const uint8_t *rdata, size_t len)
{
	const struct layout layout = layout_of(type);
	struct reader reader = reader_over(rdata, len);

	if (is_svcb(type))
		return svcb_fits(rdata, len);
	if (!layout_known(&layout))
		return false;
	for (size_t i = 0; field_due(&layout, i, &reader); i++) {
		const struct kind *const kind = layout_field(&layout, i, rdata);

		if (kind == NULL)
			return false;
		field_skip(kind, &reader);
	}
	return !reader.bad && reader_left(&reader) == 0;
}

/* Text to wire. */

static const char *
name_put(const char *text, const struct name *origin, struct writer *writer)
{
	struct name name;
	const char *const fault = token_name(text, origin, &name);

	if (fault == NULL)
		writer_bytes(writer, name.wire, name.len);
	return fault;
}

static const char *
ldns_put(const struct kind *kind, const char *text, struct writer *writer)
{
	ldns_rdf *const rdf = late_ldns.ldns_rdf_new_frm_str(kind->type, text);

	if (rdf == NULL)
		return "has a field that is not known";
	writer_bytes(writer, late_ldns.ldns_rdf_data(rdf),
	    late_ldns.ldns_rdf_size(rdf));
	late_ldns.ldns_rdf_deep_free(rdf);
	return NULL;
}

static const char *
field_put(const struct kind *kind, const struct token *word,
    const struct name *origin, struct writer *writer)
{
	const bool string = kind->type == LDNS_RDF_TYPE_STR ||
	    kind->type == LDNS_RDF_TYPE_LONG_STR;
	const char *fault;

	if (word->form != TOKEN_PLAIN &&
	    !(string && word->form == TOKEN_QUOTED))
		return "has quotes where no string may stand";
	if (kind->fault == NULL)
		return name_put(word->text, origin, writer);
	fault = kind->fault(word->text);
	if (fault != NULL || kind->type == LDNS_RDF_TYPE_NONE)
		return fault;
	return ldns_put(kind, word->text, writer);
}

/* The word of a field; hexadecimal and base64 may be in several pieces. */
static bool
field_word(const struct kind *kind, struct token_reader *words,
    struct token *out)
{
	return kind != NULL && kind->extent == EXTENT_SOME
	    ? token_join(words, out)
	    : token_next(words, out);
}

/* Whether n words are a right number; pieces of the last field aside. */
static bool
layout_takes(const struct layout *layout, size_t n)
{
	const struct kind *const last =
	    layout_field(layout, layout->max - 1, NULL);

	return n >= layout->min &&
	    (n <= layout->max || last->extent == EXTENT_SOME);
}

static const char *
fields_from_text(const struct layout *layout, struct token_reader *words,
    const struct name *origin, struct writer *writer)
{
	const uint8_t *const rdata = writer->wire + writer->at;
	const char *fault = NULL;
	size_t i;

	for (i = 0; !writer->bad; i++) {
		const struct kind *const kind = fault == NULL && i < layout->max
		    ? layout_field(layout, i, rdata)
		    : NULL;
		struct token word;

		if (!field_word(kind, words, &word))
			break;
		if (kind != NULL) {
			fault = field_put(kind, &word, origin, writer);
		} else if (fault == NULL) {
			fault = hint_for(layout->type);
		}
	}
	/* A field left out shifts the others: say so, not what that breaks. */
	if (!writer->bad && !layout_takes(layout, i))
		return hint_for(layout->type);
	return fault;
}

/* What follows "\#", RFC 3597 section 5: a length and hexadecimal digits. */
static const char *
generic_from_text(struct token_reader *words, struct writer *writer)
{
	struct token word;
	uint64_t len;
	const char *fault;

	if (!token_next(words, &word) ||
	    !number_parse(word.text, 0, RDATA_MAX, &len))
		return "needs a length from 0 to 65535 after \\#";
	if (!token_join(words, &word))
		return len == 0 ? NULL : "has no data after its length";
	fault = field_hex_fault(word.text);
	if (fault != NULL)
		return fault;
	if (strlen(word.text) != 2 * len)
		return "has a length that is not the number of its octets";
	return ldns_put(kind_of(LDNS_RDF_TYPE_HEX), word.text, writer);
}

static bool
is_generic(const char *text)
{
	text += strspn(text, " \t\r\n");
	return strncmp(text, "\\#", 2) == 0 &&
	    (text[2] == '\0' || strchr(" \t\r\n", text[2]) != NULL);
}

static const char *
words_to_wire(uint16_t type, struct token_reader *words,
    const struct name *origin, struct writer *writer)
{
	const struct layout layout = layout_of(type);
	struct token mark;

	if (is_generic(words->at)) {
		token_next(words, &mark);
		return generic_from_text(words, writer);
	}
	if (is_svcb(type))
		return svcb_from_text(words, origin, writer);
	if (!layout_known(&layout)) {
		return "must be written in the form of RFC 3597, as in "
		       "'\\# 4 0a000001'";
	}
	return fields_from_text(&layout, words, origin, writer);
}

/* What is wrong with what was written from start on, if anything is. */
static const char *
wire_fault(uint16_t type, const struct writer *writer, size_t start)
{
	const struct layout layout = layout_of(type);
	const bool known =
	    type == TYPE_SVCB || type == TYPE_HTTPS || layout_known(&layout);

	if (writer->bad || writer->at - start > RDATA_MAX)
		return "is too long for one record";
	if (known && !data_fits(type, writer->wire + start, writer->at - start))
		return "does not have the octets that its type needs";
	return NULL;
}

const char *
rdata_from_text_under(uint16_t type, const char *text,
    const struct name *origin, struct writer *writer)
{
	const size_t start = writer->at;
	const char *fault = late_ldns_load();
	char *const copy = fault == NULL ? strdup(text) : NULL;
	struct token_reader words;

	if (fault != NULL)
		return "cannot be read, as ldns cannot be loaded";
	if (copy == NULL)
		return "does not fit into memory";
	words = token_over(copy);
	fault = words_to_wire(type, &words, origin, writer);
	if (words.fault != NULL)
		fault = words.fault;
	if (fault == NULL)
		fault = wire_fault(type, writer, start);
	if (fault != NULL) {
		writer->at = start;
		writer->bad = false;
	}
	free(copy);
	return fault;
}

const char *
rdata_from_text(uint16_t type, const char *text, struct writer *writer)
{
	return rdata_from_text_under(type, text, NULL, writer);
}

/* Wire to text. */

static void
field_to_text(const struct kind *kind, struct reader field, struct writer *out)
{
	/* RFC 4034 section 3.2: a number will do; ldns's date depends on today.
	 */
	const ldns_rdf_type type =
	    kind->type == LDNS_RDF_TYPE_TIME ? LDNS_RDF_TYPE_INT32 : kind->type;
	char buf[NAME_TEXT];
	ldns_rdf *rdf;
	char *text;

	if (kind->type == LDNS_RDF_TYPE_NONE) {
		token_put(out, ".");
		return;
	}
	if (kind->extent == EXTENT_NAME) {
		token_put(out, name_to_text(field.wire, buf));
		return;
	}
	rdf = late_ldns.ldns_rdf_new_frm_data(type, field.len, field.wire);
	text = rdf == NULL ? NULL : late_ldns.ldns_rdf2str(rdf);
	token_put(out, text == NULL ? "" : text);
	free(text);
	late_ldns.ldns_rdf_deep_free(rdf);
}

static void
fields_to_text(uint16_t type, const uint8_t *rdata, size_t len,
    struct writer *out)
{
	const struct layout layout = layout_of(type);
	struct reader reader = reader_over(rdata, len);

	for (size_t i = 0; field_due(&layout, i, &reader) && !out->bad; i++) {
		const struct kind *const kind = layout_field(&layout, i, rdata);
		const size_t at = reader.at;

		field_skip(kind, &reader);
		token_put(out, i == 0 ? "" : " ");
		field_to_text(kind, reader_over(rdata + at, reader.at - at),
		    out);
	}
}

static void
generic_to_text(const uint8_t *rdata, size_t len, struct writer *out)
{
	char buf[sizeof("\\# 65535 ")];

	snprintf(buf, sizeof(buf), len == 0 ? "\\# %zu" : "\\# %zu ", len);
	token_put(out, buf);
	for (size_t i = 0; i < len && !out->bad; i++) {
		snprintf(buf, sizeof(buf), "%02x", rdata[i]);
		token_put(out, buf);
	}
}

const char *
rdata_to_text(uint16_t type, const uint8_t *rdata, uint16_t len, char *buf,
    size_t cap)
{
	struct writer out;

	if (cap == 0)
		return buf;
	out = writer_over((uint8_t *)buf, cap - 1);
	if (late_ldns_load() != NULL || !data_fits(type, rdata, len)) {
		generic_to_text(rdata, len, &out);
	} else if (is_svcb(type)) {
		svcb_put_text(rdata, len, &out);
	} else {
		fields_to_text(type, rdata, len, &out);
	}
	buf[out.at] = '\0';
	return buf;
}

/* Types. */

bool
rdata_type_from_text(const char *text, uint16_t *out)
{
	uint64_t number;
	ldns_rr_type type;

	/* ldns would take "TYPE1x" and "TYPE65537". */
	if (strncasecmp(text, "TYPE", 4) == 0) {
		if (!number_parse(text + 4, 0, UINT16_MAX, &number))
			return false;
		*out = (uint16_t)number;
		return true;
	}
	type = late_ldns_load() == NULL
	    ? late_ldns.ldns_get_rr_type_by_name(text)
	    : 0;
	if (type == 0)
		return false;
	*out = (uint16_t)type;
	return true;
}

const char *
rdata_type_to_text(uint16_t type, char buf[RDATA_TYPE_TEXT])
{
	char *const text = late_ldns_load() == NULL
	    ? late_ldns.ldns_rr_type2str((ldns_rr_type)type)
	    : NULL;

	if (text == NULL) {
		snprintf(buf, RDATA_TYPE_TEXT, "TYPE%u", type);
	} else {
		snprintf(buf, RDATA_TYPE_TEXT, "%s", text);
	}
	free(text);
	return buf;
}
