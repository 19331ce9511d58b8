#ifndef CTL_QUERY_COMMAND_H
#define CTL_QUERY_COMMAND_H

/* resolverctl query; see resolverctl(8).  Returns the exit status. */
int query_command_run(int argc, char **argv);

#endif
