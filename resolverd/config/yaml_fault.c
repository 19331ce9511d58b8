#include "config/yaml_fault.h"

#include <string.h>

enum { WORD_SHOWN = 60 };

/* Where a mark of libyaml, which counts characters, stands in the text. */
static const char *
text_at(const struct yaml_text *text, const yaml_mark_t *mark)
{
	size_t characters = 0;
	size_t at = 0;

	for (; at < text->len; at++) {
		const bool begins =
		    ((unsigned char)text->text[at] & 0xc0) != 0x80;

		if (begins && characters++ == mark->index)
			break;
	}
	return text->text + at;
}

/* The octet where a mark stands; '\0' at the end of the text. */
static char
octet_at(const struct yaml_text *text, const yaml_mark_t *mark)
{
	const char *at = text_at(text, mark);

	if (at == text->text + text->len)
		return '\0';
	return *at;
}

static struct mark
mark_of(const struct yaml_text *text, const yaml_mark_t *mark)
{
	return (struct mark){
	    .file = text->path,
	    .line = (unsigned)mark->line + 1,
	    .column = (unsigned)mark->column + 1,
	};
}

/* A place in octets as line and column. */
static struct mark
mark_of_offset(const struct yaml_text *text, size_t offset)
{
	struct mark mark = {.file = text->path, .line = 1, .column = 1};

	for (size_t i = 0; i < offset && i < text->len; i++) {
		const unsigned char octet = (unsigned char)text->text[i];

		if (octet == '\n') {
			mark.line++;
			mark.column = 1;
		} else if ((octet & 0xc0) != 0x80) {
			mark.column++;
		}
	}
	return mark;
}

static void
report_octet(const yaml_parser_t *parser, const struct yaml_text *text,
    struct diag *diag)
{
	const struct mark mark = mark_of_offset(text, parser->problem_offset);

	if (strstr(parser->problem, "UTF-8") != NULL) {
		diag_error(diag, mark, "an octet that is not UTF-8 text");
	} else {
		diag_error(diag, mark, "a character that YAML does not allow");
	}
}

/* "*.run.app:" is the first thing that everybody writes. */
static void
report_alias(const yaml_parser_t *parser, const struct yaml_text *text,
    struct diag *diag)
{
	const char *word = text_at(text, &parser->context_mark);
	size_t left = text->len - (size_t)(word - text->text);
	size_t len = 0;

	if (left > WORD_SHOWN)
		left = WORD_SHOWN;
	while (len < left && strchr(" \t\r\n:,[]{}\"'", word[len]) == NULL)
		len++;
	diag_error(diag, mark_of(text, &parser->context_mark),
	    "text that begins with %c stands in quotes: \"%.*s\"", *word,
	    (int)len, word);
}

/* libyaml's words and ours. */
static const struct fault {
	const char *problem; /* how libyaml's begins */
	const char *context; /* likewise; NULL: any */
	bool at_context;     /* the context's place tells more */
	const char *text;
} faults[] = {
    {"found unexpected end of stream", "while scanning a quoted", true,
	"the quote is not closed"},
    {"found unexpected document indicator", "while scanning a quoted", true,
	"the quote is not closed"},
    {"did not find expected ',' or ']'", NULL, true,
	"the list is not closed, or a comma is missing in it"},
    {"did not find expected ',' or '}'", NULL, true,
	"the mapping is not closed, or a comma is missing in it"},
    {"could not find expected ':'", NULL, true,
	"a key needs a colon and a space after it, a list entry a dash and a "
	"space before it"},
    {"mapping values are not allowed", NULL, false,
	"no key can end here: keys of one mapping begin in one column, with a "
	"space after the colon, and text with \": \" in it stands in quotes"},
    {"did not find expected key", NULL, false,
	"this does not fit the mapping before it: its keys begin in one "
	"column, each with a colon and a space after it"},
    {"did not find expected '-' indicator", NULL, false,
	"this does not fit the list before it: its entries begin in one "
	"column, each with a dash and a space"},
    {"block sequence entries are not allowed", NULL, false,
	"a list entry cannot begin here: put it on a line of its own"},
    {"did not find expected node content", NULL, false,
	"a value is missing here"},
    {"found unknown escape character", NULL, false,
	"an unknown escape: use single quotes for text with a backslash"},
    {"did not find expected hexdecimal number", NULL, false,
	"an escape that needs hexadecimal digits"},
    {"found invalid Unicode character escape code", NULL, false,
	"an escape that is no character"},
    {"found unexpected ':'", NULL, false,
	"text with a colon in it stands in quotes here"},
    {"did not find expected <document start>", NULL, false,
	"this does not belong to what stands before it: keys begin in the "
	"first column"},
    {"found incompatible YAML document", NULL, false,
	"this version of YAML is not supported"},
    {"found undefined tag handle", NULL, false, "tags are not supported"},
    {"found duplicate %", NULL, false, "a directive that is given twice"},
};

static bool
begins(const char *text, const char *start)
{
	return text != NULL && strncmp(text, start, strlen(start)) == 0;
}

static const struct fault *
fault_find(const yaml_parser_t *parser)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const struct fault *fault = &faults[i];

		if (begins(parser->problem, fault->problem) &&
		    (fault->context == NULL ||
			begins(parser->context, fault->context)))
			return fault;
	}
	return NULL;
}

static void
report_known(const yaml_parser_t *parser, const struct yaml_text *text,
    struct diag *diag)
{
	const struct fault *fault = fault_find(parser);
	const bool at_context = fault != NULL && fault->at_context;

	diag_error(diag,
	    mark_of(text,
		at_context ? &parser->context_mark : &parser->problem_mark),
	    "%s", fault != NULL ? fault->text : parser->problem);
}

static void
report_syntax(const yaml_parser_t *parser, const struct yaml_text *text,
    struct diag *diag)
{
	const struct mark mark = mark_of(text, &parser->problem_mark);
	const char octet = octet_at(text, &parser->problem_mark);

	if (octet == '\t') {
		diag_error(diag, mark, "a tab where only spaces can stand");
	} else if (begins(parser->context, "while scanning an a")) {
		report_alias(parser, text, diag);
	} else if (begins(parser->context,
		       "while scanning for the next token")) {
		diag_error(diag, mark,
		    "text that begins with %c stands in "
		    "quotes",
		    octet);
	} else if (begins(parser->context, "while scanning a tag") ||
	    begins(parser->context, "while parsing a tag")) {
		diag_error(diag, mark, "tags are not supported");
	} else {
		report_known(parser, text, diag);
	}
}

void
yaml_fault_report(const yaml_parser_t *parser, const struct yaml_text *text,
    struct diag *diag)
{
	if (parser->error == YAML_MEMORY_ERROR) {
		diag_error(diag, (struct mark){.file = NULL},
		    "there is no memory for the configuration");
	} else if (parser->error == YAML_READER_ERROR) {
		report_octet(parser, text, diag);
	} else {
		report_syntax(parser, text, diag);
	}
}
