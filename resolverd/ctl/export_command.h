#ifndef CTL_EXPORT_COMMAND_H
#define CTL_EXPORT_COMMAND_H

/*
 * resolverctl export: writes the zones and policies of a configuration as
 * something that creates them elsewhere.  argv[0] is the command's name.
 * Returns the exit status: 0, or 2 after a complaint on stderr.
 */
int export_run(int argc, char **argv);

#endif
