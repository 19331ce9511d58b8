#ifndef CTL_IMPACT_H
#define CTL_IMPACT_H

/* resolverctl impact; see resolverctl(8).  Returns the exit status. */
int impact_run(int argc, char **argv);

#endif
