#ifndef CTL_IMPORT_COMMAND_H
#define CTL_IMPORT_COMMAND_H

/*
 * resolverctl import [-o FILE] PATH...: writes a configuration made of what
 * gcloud, Terraform and Fabric wrote, and tells on standard error what was
 * taken over and what was not.  argv[0] is the command's name.  Returns the
 * exit status: 0; 1 when something that changes answers was left out; 2 when
 * something was wrong or could not be read or written.
 */
int import_command_run(int argc, char **argv);

#endif
