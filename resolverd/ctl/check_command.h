#ifndef CTL_CHECK_COMMAND_H
#define CTL_CHECK_COMMAND_H

/* resolverctl check; see resolverctl(8).  Returns the exit status. */
int check_command_run(int argc, char **argv);

#endif
