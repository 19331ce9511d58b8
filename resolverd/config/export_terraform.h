#ifndef CONFIG_EXPORT_TERRAFORM_H
#define CONFIG_EXPORT_TERRAFORM_H

#include <stdio.h>

#include "config/export.h"

/* Writes what is planned as resources of Terraform's google provider. */
void export_terraform_write(struct export *export, FILE *out);

#endif
