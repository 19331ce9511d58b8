#ifndef CTL_REMOTE_COMMANDS_H
#define CTL_REMOTE_COMMANDS_H

/* Commands of resolverctl that ask a running daemon, a file each. */
int cache_command_run(int argc, char **argv);
int flush_command_run(int argc, char **argv);
int log_level_command_run(int argc, char **argv);
int mode_command_run(int argc, char **argv);
int reload_command_run(int argc, char **argv);
int stats_command_run(int argc, char **argv);
int status_command_run(int argc, char **argv);
int tail_command_run(int argc, char **argv);
int top_command_run(int argc, char **argv);
int upstreams_command_run(int argc, char **argv);
int zones_command_run(int argc, char **argv);

#endif
