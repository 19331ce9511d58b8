#ifndef CTL_COMPLETION_COMMAND_H
#define CTL_COMPLETION_COMMAND_H

/* resolverctl completion; see resolverctl(8).  Returns the exit status. */
int completion_command_run(int argc, char **argv);

#endif
