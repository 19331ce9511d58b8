#ifndef CTL_EXIT_CODE_H
#define CTL_EXIT_CODE_H

/* How the daemon ends; resolverd(8) lists them. */
enum exit_code {
	EXIT_CODE_OK = 0,
	EXIT_CODE_CONFIG = 1,  /* configuration or usage */
	EXIT_CODE_NETWORK = 2, /* an address or port cannot be used */
	EXIT_CODE_FILES = 3,   /* no configuration file to read */
	EXIT_CODE_MEMORY = 4,
	EXIT_CODE_OTHER = 5,
};

#endif
