#ifndef CTL_VERSION_H
#define CTL_VERSION_H

/* The one place that has it: packages take it from this line. */
#define RESOLVERD_VERSION "0.1.0"

#endif
