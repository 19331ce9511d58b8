#ifndef CTL_DOCTOR_COMMAND_H
#define CTL_DOCTOR_COMMAND_H

/* resolverctl doctor; see resolverctl(8).  Returns the exit status. */
int doctor_command_run(int argc, char **argv);

#endif
