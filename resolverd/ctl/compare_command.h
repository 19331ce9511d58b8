#ifndef CTL_COMPARE_COMMAND_H
#define CTL_COMPARE_COMMAND_H

/* resolverctl compare; see resolverctl(8).  Returns the exit status. */
int compare_command_run(int argc, char **argv);

#endif
