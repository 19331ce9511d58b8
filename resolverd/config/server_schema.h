#ifndef CONFIG_SERVER_SCHEMA_H
#define CONFIG_SERVER_SCHEMA_H

#include "config/schema.h"

/* How many addresses may be listened on. */
enum { SERVER_SCHEMA_LISTEN_MAX = 64 };

/* The whole file: struct model, which holds the defaults already. */
extern const struct schema server_schema;

/* The modes there are, ended by a NULL text; values of enum mode. */
extern const struct schema_word server_schema_modes[];

#endif
