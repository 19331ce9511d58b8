#ifndef CONFIG_JSON_SCHEMA_H
#define CONFIG_JSON_SCHEMA_H

#include <stdio.h>

/*
 * Writes the JSON Schema (draft-07) of the configuration, made of the tables
 * that its decoder goes by: what editors complete and check files with.  It
 * takes what the decoder takes, but for what a schema cannot know: how values
 * have to agree with each other, and that a key may have capitals anywhere.
 */
void json_schema_write(FILE *out);

#endif
