#ifndef CTL_CONTROL_COMMANDS_H
#define CTL_CONTROL_COMMANDS_H

struct control_call;

/* The commands of the control socket, a file each. */
void control_cache_run(struct control_call *call);
void control_flush_run(struct control_call *call);
void control_log_level_run(struct control_call *call);
void control_mode_run(struct control_call *call);
void control_reload_run(struct control_call *call);
void control_stats_run(struct control_call *call);
void control_status_run(struct control_call *call);
void control_tail_run(struct control_call *call);
void control_top_run(struct control_call *call);
void control_upstreams_run(struct control_call *call);
void control_zones_run(struct control_call *call);

#endif
