#include "dns/name.h"

enum {
	LABEL_MAX = 63,
	POINTER_MARK = 0xc0, /* the upper bits of a pointer's first octet */
	WORD = sizeof(uint64_t),
};

#define EACH_OCTET UINT64_C(0x0101010101010101)

static uint8_t
folded(uint8_t octet)
{
	return octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
}

/* The same with eight octets in a word; none carries into the next. */
static uint64_t
word_folded(uint64_t word)
{
	const uint64_t low = word & EACH_OCTET * 0x7f;
	const uint64_t past_z = low + EACH_OCTET * (0x7f - 'Z');
	const uint64_t from_a = low + EACH_OCTET * (0x80 - 'A');
	const uint64_t letters = (from_a ^ past_z) & ~word & EACH_OCTET * 0x80;

	return word | letters >> 2;
}

static uint64_t
word_load(const uint8_t *octets)
{
	uint64_t word;

	memcpy(&word, octets, sizeof(word));
	return word;
}

static inline void
octets_fold(uint8_t *to, const uint8_t *from, size_t n)
{
	size_t at = 0;

	for (; n - at >= WORD; at += WORD) {
		const uint64_t word = word_folded(word_load(from + at));

		memcpy(to + at, &word, sizeof(word));
	}
	/* What is folded twice is folded once. */
	if (at < n && n >= WORD) {
		const uint64_t word = word_folded(word_load(from + n - WORD));

		memcpy(to + n - WORD, &word, sizeof(word));
		return;
	}
	for (; at < n; at++)
		to[at] = folded(from[at]);
}

/*
 * Steps over labels up to the root's, or to an octet that is no label's
 * length; returns where that is.  Bad: the message ends before, or there are
 * more than NAME_SIZE octets, taken ones included.
 */
static size_t
labels_end(struct name *name, struct reader *reader)
{
	const uint8_t *wire = reader->wire;
	const size_t most = reader->at + NAME_SIZE - name->len;
	const size_t end = most < reader->len ? most : reader->len;
	size_t at = reader->at;

	while (at < end && wire[at] != 0 && wire[at] <= LABEL_MAX) {
		at += (size_t)wire[at] + 1;
		name->labels++;
	}
	/* A pointer may stand where there is no room for a label. */
	if (at >= reader->len || (at >= end && wire[at] <= LABEL_MAX))
		reader->bad = true;
	return at;
}

/*
 * Appends labels to name until the root's, and returns 0; or until the octet
 * before the cursor is not a label's length, and returns that octet.
 */
static uint8_t
labels_read(struct name *name, struct reader *reader)
{
	const size_t start = reader->at;
	uint8_t mark;
	size_t size;

	if (reader->bad || start >= reader->len) {
		reader->bad = true;
		return 0;
	}
	reader->at = labels_end(name, reader);
	if (reader->bad)
		return 0;
	mark = reader->wire[reader->at++];
	size = reader->at - start - (mark == 0 ? 0 : 1);
	if (name->len + size > NAME_SIZE) {
		reader->bad = true;
		return 0;
	}
	memcpy(name->wire + name->len, reader->wire + start, size);
	name->len = (uint8_t)(name->len + size);
	return mark;
}

bool
name_read_plain(struct name *name, struct reader *reader)
{
	name->len = 0;
	name->labels = 0;
	if (labels_read(name, reader) != 0)
		reader->bad = true;
	return !reader->bad;
}

/*
 * Goes on where the labels that began at start ended with a pointer, whose
 * first octet is mark and whose second is at the cursor.
 */
static void
pointers_follow(struct name *name, struct reader *reader, size_t start,
    uint8_t mark)
{
	struct reader part = *reader;

	/* The cursor stays behind the first pointer, wherever that leads. */
	reader_u8(reader);
	for (unsigned hops = 1; mark != 0 && !part.bad; hops++) {
		const size_t target =
		    (size_t)(mark & ~POINTER_MARK) << 8 | reader_u8(&part);

		part.hops++;
		if (mark < POINTER_MARK || target >= start ||
		    hops > NAME_HOPS || part.hops > NAME_MESSAGE_HOPS)
			part.bad = true;
		start = target;
		part.at = target;
		mark = labels_read(name, &part);
	}
	reader->hops = part.hops;
	reader->bad = part.bad;
}

bool
name_read(struct name *name, struct reader *reader)
{
	const size_t start = reader->at;
	uint8_t mark;

	name->len = 0;
	name->labels = 0;
	mark = labels_read(name, reader);
	if (mark != 0)
		pointers_follow(name, reader, start, mark);
	return !reader->bad;
}

size_t
name_origin(const struct reader *reader, size_t at)
{
	const uint8_t *wire = reader->wire;

	while (wire[at] >= POINTER_MARK)
		at = (size_t)(wire[at] & ~POINTER_MARK) << 8 | wire[at + 1];
	return at;
}

void
name_fold(struct name *name)
{
	/* A label's length is at most 63, so it is never taken for a letter. */
	octets_fold(name->wire, name->wire, name->len);
}

void
name_set_folded(struct name *name, const uint8_t *wire, size_t len)
{
	name->len = (uint8_t)len;
	octets_fold(name->wire, wire, len);
}

void
name_set(struct name *name, const uint8_t *wire)
{
	name->len = (uint8_t)name_size(wire);
	name->labels = (uint8_t)name_labels(wire);
	memcpy(name->wire, wire, name->len);
}

size_t
name_size(const uint8_t *wire)
{
	size_t size = 1;

	while (wire[size - 1] != 0)
		size += (size_t)wire[size - 1] + 1;
	return size;
}

unsigned
name_labels(const uint8_t *wire)
{
	unsigned labels = 0;

	for (; *wire != 0; wire += *wire + 1)
		labels++;
	return labels;
}

static bool
octets_equal(const uint8_t *a, const uint8_t *b, size_t n)
{
	size_t i = 0;

	for (; n - i >= WORD; i += WORD) {
		const uint64_t left = word_load(a + i);
		const uint64_t right = word_load(b + i);

		if (left != right && word_folded(left) != word_folded(right))
			return false;
	}
	for (; i < n; i++) {
		if (a[i] != b[i] && folded(a[i]) != folded(b[i]))
			return false;
	}
	return true;
}

bool
name_equal(const uint8_t *a, const uint8_t *b)
{
	while (*a == *b) {
		const size_t size = (size_t)*a + 1;

		if (size == 1)
			return true;
		if (!octets_equal(a + 1, b + 1, size - 1))
			return false;
		a += size;
		b += size;
	}
	return false;
}

int
name_compare(const struct name *a, const struct name *b)
{
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	for (size_t i = 0; i < a->len; i++) {
		const uint8_t left = folded(a->wire[i]);
		const uint8_t right = folded(b->wire[i]);

		if (left != right)
			return left < right ? -1 : 1;
	}
	return 0;
}

bool
name_under(const uint8_t *name, const uint8_t *apex)
{
	const unsigned labels = name_labels(name);
	const unsigned above = name_labels(apex);

	return labels >= above &&
	    name_equal(name_strip(name, labels - above), apex);
}

const uint8_t *
name_strip(const uint8_t *wire, unsigned n)
{
	for (; n > 0; n--)
		wire += *wire + 1;
	return wire;
}

bool
name_is_wildcard(const uint8_t *wire)
{
	return wire[0] == 1 && wire[1] == '*';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads what follows a backslash: a character, or an octet's number. */
static enum name_error
escape_parse(const char **at, uint8_t *out)
{
	const char *text = *at;
	int number;

	if (!is_digit(text[0])) {
		*out = (uint8_t)text[0];
		*at = text + 1;
		return text[0] == '\0' ? NAME_BAD_ESCAPE : NAME_OK;
	}
	if (!is_digit(text[1]) || !is_digit(text[2]))
		return NAME_BAD_ESCAPE;
	number = (text[0] - '0') * 100 + (text[1] - '0') * 10 + text[2] - '0';
	if (number > UINT8_MAX)
		return NAME_BAD_ESCAPE;
	*out = (uint8_t)number;
	*at = text + 3;
	return NAME_OK;
}

/* Reads one octet of a label. */
static enum name_error
octet_parse(const char **at, uint8_t *out)
{
	const char c = **at;

	(*at)++;
	if (c == '\\')
		return escape_parse(at, out);
	if (c <= ' ' || c > '~')
		return NAME_BAD_OCTET;
	*out = (uint8_t)c;
	return NAME_OK;
}

/* Appends the label that ends at a dot or at the end of the text. */
static enum name_error
label_parse(struct name *name, const char **at)
{
	uint8_t label[LABEL_MAX + 1] = {0};

	while (**at != '\0' && **at != '.') {
		uint8_t octet = 0;
		const enum name_error error = octet_parse(at, &octet);

		if (error != NAME_OK)
			return error;
		if (label[0] == LABEL_MAX)
			return NAME_LABEL_LONG;
		label[++label[0]] = octet;
	}
	if (label[0] == 0)
		return NAME_EMPTY;
	if (name->len + label[0] + 1 >= NAME_SIZE)
		return NAME_LONG;
	memcpy(name->wire + name->len, label, (size_t)label[0] + 1);
	name->len = (uint8_t)(name->len + label[0] + 1);
	name->labels++;
	return NAME_OK;
}

enum name_error
name_from_text(struct name *name, const char *text)
{
	struct name parsed = {.len = 0};

	if (text[0] == '\0')
		return NAME_EMPTY;
	if (text[0] == '.' && text[1] == '\0')
		text++;
	while (*text != '\0') {
		const enum name_error error = label_parse(&parsed, &text);

		if (error != NAME_OK)
			return error;
		if (*text == '.')
			text++;
	}
	parsed.wire[parsed.len++] = 0;
	*name = parsed;
	return NAME_OK;
}

const char *
name_error_text(enum name_error error)
{
	static const char *const texts[] = {
	    [NAME_OK] = "is a domain name",
	    [NAME_EMPTY] = "is empty or has an empty label",
	    [NAME_LABEL_LONG] = "has a label longer than 63 octets",
	    [NAME_LONG] = "is longer than 255 octets",
	    [NAME_BAD_ESCAPE] = "has a \\ that no character and no \\DDD from "
				"000 to 255 follows",
	    [NAME_BAD_OCTET] = "has a space, a control character or an octet "
			       "beyond ASCII in it",
	};

	return texts[error];
}

/* Writes one octet, escaped as a master file needs it; returns the end. */
static char *
octet_format(char *at, uint8_t octet)
{
	static const char special[] = {'"', '$', '(', ')', '.', ';', '@', '\\'};

	if (octet <= ' ' || octet > '~') {
		*at++ = '\\';
		*at++ = (char)('0' + octet / 100);
		*at++ = (char)('0' + octet / 10 % 10);
		*at++ = (char)('0' + octet % 10);
		return at;
	}
	if (memchr(special, octet, sizeof(special)) != NULL)
		*at++ = '\\';
	*at++ = (char)octet;
	return at;
}

const char *
name_to_text(const uint8_t *wire, char buf[NAME_TEXT])
{
	char *at = buf;

	if (*wire == 0)
		*at++ = '.';
	for (; *wire != 0; wire += *wire + 1) {
		for (size_t i = 1; i <= *wire; i++)
			at = octet_format(at, wire[i]);
		*at++ = '.';
	}
	*at = '\0';
	return buf;
}
