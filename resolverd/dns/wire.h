#ifndef DNS_WIRE_H
#define DNS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Cursors over a message.  A step past the end sets `bad` and stays bad:
 * later reads return 0, later writes do nothing, and a run of steps is
 * checked once.  Numbers are big-endian (RFC 1035 section 2.3.2).
 */
struct reader {
	const uint8_t *wire;
	size_t len;
	size_t at;
	unsigned hops; /* compression pointers that name_read followed */
	bool bad;
};

struct writer {
	uint8_t *wire;
	size_t cap;
	size_t at;
	bool bad;
};

static inline struct reader
reader_over(const uint8_t *wire, size_t len)
{
	return (struct reader){.wire = wire, .len = len};
}

static inline struct writer
writer_over(uint8_t *wire, size_t cap)
{
	return (struct writer){.wire = wire, .cap = cap};
}

static inline size_t
reader_left(const struct reader *reader)
{
	return reader->bad ? 0 : reader->len - reader->at;
}

/* Steps over n octets and returns where they start, or NULL and bad. */
static inline const uint8_t *
reader_bytes(struct reader *reader, size_t n)
{
	const uint8_t *start;

	if (reader->bad || n > reader->len - reader->at) {
		reader->bad = true;
		return NULL;
	}
	start = reader->wire + reader->at;
	reader->at += n;
	return start;
}

static inline uint8_t
reader_u8(struct reader *reader)
{
	const uint8_t *p = reader_bytes(reader, 1);

	return p == NULL ? 0 : p[0];
}

static inline uint16_t
reader_u16(struct reader *reader)
{
	const uint8_t *p = reader_bytes(reader, 2);

	if (p == NULL)
		return 0;
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
reader_u32(struct reader *reader)
{
	const uint8_t *p = reader_bytes(reader, 4);

	if (p == NULL)
		return 0;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

/* Makes room for n octets and returns where they start, or NULL and bad. */
static inline uint8_t *
writer_room(struct writer *writer, size_t n)
{
	uint8_t *start;

	if (writer->bad || n > writer->cap - writer->at) {
		writer->bad = true;
		return NULL;
	}
	start = writer->wire + writer->at;
	writer->at += n;
	return start;
}

static inline void
writer_bytes(struct writer *writer, const void *bytes, size_t n)
{
	uint8_t *p = writer_room(writer, n);

	if (p != NULL && n > 0)
		memcpy(p, bytes, n);
}

static inline void
writer_u8(struct writer *writer, uint8_t v)
{
	writer_bytes(writer, &v, 1);
}

static inline void
writer_u16(struct writer *writer, uint16_t v)
{
	const uint8_t bytes[2] = {(uint8_t)(v >> 8), (uint8_t)(v & 0xff)};

	writer_bytes(writer, bytes, sizeof(bytes));
}

static inline void
writer_u32(struct writer *writer, uint32_t v)
{
	writer_u16(writer, (uint16_t)(v >> 16));
	writer_u16(writer, (uint16_t)v);
}

/* Overwrites two octets already written at an offset, such as a length. */
static inline void
writer_patch_u16(struct writer *writer, size_t at, uint16_t v)
{
	if (writer->bad || at > writer->at || writer->at - at < 2)
		return;
	writer->wire[at] = (uint8_t)(v >> 8);
	writer->wire[at + 1] = (uint8_t)v;
}

#endif
