#ifndef CONFIG_YAML_FAULT_H
#define CONFIG_YAML_FAULT_H

#include <yaml.h>

#include "base/diag.h"
#include "config/yaml.h"

/*
 * Says in diag what libyaml stopped at, where, and what to write instead: its
 * own words speak of tokens and simple keys.
 */
void yaml_fault_report(const yaml_parser_t *parser,
    const struct yaml_text *text, struct diag *diag);

#endif
