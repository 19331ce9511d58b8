#ifndef CTL_SCHEMA_COMMAND_H
#define CTL_SCHEMA_COMMAND_H

/*
 * Prints the JSON Schema of the configuration, which editors check files by.
 * argv[0] is the command's own name; returns enum command_status.
 */
int schema_command_run(int argc, char **argv);

#endif
