#include "config/query_log_schema.h"

#include <string.h>

#include "model/model.h"

enum {
	PATH_LENGTH = 4080, /* ".99" comes after it */
	LABEL_LENGTH = 63,
	KEEP_MOST = 99,
	SIZE_LEAST = 64 * 1024,
};

static const struct schema_word formats[] = {
    {"cloud_logging", QUERY_LOG_CLOUD},
    {"text", QUERY_LOG_TEXT},
    {NULL, 0},
};

static const struct schema_word choices[] = {
    {"all", false},
    {"policy", true},
    {NULL, 0},
};

static bool
is_place(const char *text)
{
	return text[0] == '/' || strcmp(text, "stdout") == 0 ||
	    strcmp(text, "journal") == 0;
}

static bool
query_log_finish(struct decoder *decoder, const struct node *node, void *out)
{
	struct model_query_log *log = out;
	bool good = true;

	log->mark = node->mark;
	if (log->to.text != NULL && !is_place(log->to.text)) {
		good = diag_error(decoder->diag, log->to.mark,
		    "the query log goes to stdout, journal or a path that "
		    "begins with '/', not '%s'",
		    log->to.text);
	}
	if (log->max_size != 0 && log->max_size < SIZE_LEAST) {
		good = diag_error(decoder->diag, node->mark,
		    "max_size must be 64k or more, or 0 for files that are "
		    "rotated by others");
	}
	return good;
}

static bool
query_log_given(const void *in)
{
	const struct model_query_log *log = in;

	return log->mark.file != NULL;
}

static const struct schema_field query_log_fields[] = {
    {
	.key = "format",
	.help = "Cloud Logging's JSON, or text for people",
	.type = &schema_word,
	SCHEMA_AT(model_query_log, format),
	.words = formats,
    },
    {
	.key = "to",
	.help = "stdout, journal or a file's path",
	.type = &schema_text,
	SCHEMA_AT(model_query_log, to),
	.max = PATH_LENGTH,
    },
    {
	.key = "queries",
	.help = "all, or those of networks with enable_logging",
	.type = &schema_word,
	SCHEMA_AT(model_query_log, policy),
	.words = choices,
    },
    {
	.key = "max_size",
	.help = "when a new file is begun; 0: others see to that",
	.type = &schema_size,
	SCHEMA_AT(model_query_log, max_size),
	.max = UINT64_C(1) << 40,
    },
    {
	.key = "keep",
	.help = "how many full files are kept",
	.type = &schema_number,
	SCHEMA_AT(model_query_log, keep),
	.max = KEEP_MOST,
    },
    {
	.key = "project_id",
	.help = "the project of networks that name none",
	.type = &schema_text,
	SCHEMA_AT(model_query_log, project_id),
	.max = LABEL_LENGTH,
    },
    {
	.key = "project_number",
	.help = "what VMs' names begin with",
	.type = &schema_number,
	SCHEMA_AT(model_query_log, project_number),
	.max = INT64_MAX,
	.sparse = true,
    },
    {
	.key = "location",
	.help = "the region of networks that name none",
	.type = &schema_text,
	SCHEMA_AT(model_query_log, location),
	.max = LABEL_LENGTH,
    },
    {.key = NULL},
};

const struct schema query_log_schema = {
    .what = "query_log",
    .fields = query_log_fields,
    .size = sizeof(struct model_query_log),
    .finish = query_log_finish,
    .given = query_log_given,
};
