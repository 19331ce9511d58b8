#ifndef CTL_CONTROL_LOG_LEVEL_H
#define CTL_CONTROL_LOG_LEVEL_H

/* The level that is shown now: "info". */
const char *control_log_level_word(void);

#endif
