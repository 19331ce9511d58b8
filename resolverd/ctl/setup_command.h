#ifndef CTL_SETUP_COMMAND_H
#define CTL_SETUP_COMMAND_H

/* resolverctl setup; argv[0] is its name. */
int setup_command_run(int argc, char **argv);

#endif
