#ifndef CTL_REMOTE_COMMAND_H
#define CTL_REMOTE_COMMAND_H

/* Commands of resolverctl that ask a running daemon. */
int remote_command_cache(int argc, char **argv);
int remote_command_flush(int argc, char **argv);
int remote_command_reload(int argc, char **argv);
int remote_command_upstreams(int argc, char **argv);

#endif
