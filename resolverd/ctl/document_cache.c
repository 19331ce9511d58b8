#include "ctl/document.h"

#include "io/chore.h"

void
document_cache_write(const struct cache_report *report,
    struct json_writer *writer)
{
	json_writer_number(writer, "entries", report->entries);
	json_writer_number(writer, "negative_entries", report->negative);
	json_writer_number(writer, "octets", report->octets);
	json_writer_number(writer, "size", report->size);
	json_writer_number(writer, "hits", report->hits);
	json_writer_number(writer, "misses", report->misses);
	json_writer_number(writer, "evictions", report->evictions);
}
