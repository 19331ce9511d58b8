#include "ctl/standing.h"

#include <event2/event.h>
#include <stdio.h>
#include <time.h>

#include "base/log.h"
#include "ctl/date.h"
#include "ctl/drift.h"
#include "ctl/listen.h"
#include "ctl/notify.h"
#include "ctl/query_log.h"
#include "ctl/reload.h"
#include "ctl/serving.h"
#include "io/boot.h"
#include "io/clock.h"

enum { RETRY_SECONDS = 10 };

void
standing_start(struct standing *standing)
{
	standing->started_at = time(NULL);
	standing->began = clock_now();
	standing->configured = mode_of(standing->serving->model);
}

void
standing_stop(struct standing *standing)
{
	if (standing->order.assigned)
		event_del(&standing->order.timer);
	standing->order.assigned = false;
}

const struct mode_choice *
standing_mode(const struct standing *standing)
{
	return standing->order.given ? &standing->order.choice
				     : &standing->configured;
}

/* The line. */

static void
line_order(const struct standing_order *order, FILE *out)
{
	char until[DATE_TEXT];

	if (!order->given)
		return;
	fprintf(out, "; ordered by %s", order->by);
	if (order->until != 0)
		fprintf(out, " until %s", date_format(order->until, until));
}

/* What people look for when something is not as they expect. */
static void
line_troubles(const struct standing *standing, FILE *out)
{
	if (standing->reload.at != 0 && !standing->reload.good)
		fputs("; the last reload failed", out);
	if (standing->drift->view.state == DRIFT_OTHER) {
		fprintf(out, "; this machine asks %s",
		    standing->drift->view.text);
	}
	if (standing->query_log != NULL &&
	    query_log_look(standing->query_log).failing)
		fputs("; the query log cannot be written", out);
}

const char *
standing_line(const struct standing *standing, char buf[STANDING_TEXT])
{
	FILE *out = fmemopen(buf, STANDING_TEXT, "w");
	char summary[RELOAD_SUMMARY];

	buf[0] = '\0';
	if (out == NULL)
		return buf;
	listen_print(standing->serving->boot, out);
	fprintf(out, "; %s", reload_summary(standing->serving->model, summary));
	line_order(&standing->order, out);
	line_troubles(standing, out);
	fclose(out);
	buf[STANDING_TEXT - 1] = '\0';
	return buf;
}

void
standing_tell(const struct standing *standing)
{
	char line[STANDING_TEXT];

	notify_status(standing_line(standing, line));
}

/* Orders. */

void
standing_instruct(const struct standing *standing, struct model *model)
{
	if (standing->order.given)
		mode_apply(&standing->order.choice, model);
}

static void standing_over(evutil_socket_t fd, short what, void *arg);

static void
set_timer(struct standing *standing, uint64_t seconds)
{
	struct standing_order *order = &standing->order;
	const struct timeval wait = {.tv_sec = (time_t)seconds};

	if (!order->assigned) {
		evtimer_assign(&order->timer, standing->serving->base,
		    standing_over, standing);
	}
	order->assigned = true;
	if (seconds == 0) {
		event_del(&order->timer);
	} else {
		event_add(&order->timer, &wait);
	}
}

static void
log_order(const struct standing *standing, const char *before, uint64_t seconds)
{
	char mode[MODE_TEXT];
	char span[DATE_SPAN];

	log_info("mode: %s%s%s, ordered by %s; it was %s",
	    mode_text(&standing->order.choice, mode),
	    seconds == 0 ? "" : " for ",
	    seconds == 0 ? "" : date_span(seconds, span), standing->order.by,
	    before);
}

bool
standing_give_order(struct standing *standing, const struct standing_wish *wish,
    struct diag *diag)
{
	struct standing_order *order = &standing->order;
	const struct mode_choice *now = standing_mode(standing);
	char buf[MODE_TEXT];
	char before[MODE_TEXT];

	snprintf(before, sizeof(before), "%s", mode_text(now, buf));
	if (!mode_equal(now, &wish->choice) &&
	    !serving_change_mode(standing->serving, &wish->choice, diag))
		return false;
	order->given = true;
	order->choice = wish->choice;
	order->at = time(NULL);
	order->until =
	    wish->seconds == 0 ? 0 : order->at + (int64_t)wish->seconds;
	snprintf(order->by, sizeof(order->by), "%s", wish->by);
	set_timer(standing, wish->seconds);
	log_order(standing, before, wish->seconds);
	standing_tell(standing);
	return true;
}

/* The configuration's mode holds again; false: not even that can be. */
static bool
standing_return(struct standing *standing, struct diag *diag)
{
	if (!mode_equal(&standing->order.choice, &standing->configured) &&
	    !serving_change_mode(standing->serving, &standing->configured,
		diag))
		return false;
	mode_apply(&standing->configured, standing->serving->model);
	standing->order.given = false;
	set_timer(standing, 0);
	standing_tell(standing);
	return true;
}

bool
standing_take_back(struct standing *standing, const char *by, struct diag *diag)
{
	char mode[MODE_TEXT];

	if (!standing->order.given)
		return true;
	if (!standing_return(standing, diag))
		return false;
	log_info("mode: %s again as configured, ordered by %s",
	    mode_text(&standing->configured, mode), by);
	return true;
}

/* The time of an order is over. */
static void
standing_over(evutil_socket_t fd, short what, void *arg)
{
	struct standing *standing = arg;
	char mode[MODE_TEXT];
	struct diag diag;

	(void)fd;
	(void)what;
	diag_init(&diag);
	if (standing_return(standing, &diag)) {
		log_info("mode: %s again as configured; the time that %s gave "
			 "it is over",
		    mode_text(&standing->configured, mode), standing->order.by);
	} else {
		log_error("mode: cannot become %s again as configured; tries "
			  "again in %d s",
		    mode_text(&standing->configured, mode), RETRY_SECONDS);
		set_timer(standing, RETRY_SECONDS);
	}
	diag_fini(&diag);
}

/* For answers. */

static void
write_date(struct json_writer *writer, const char *key, int64_t at)
{
	char text[DATE_TEXT];

	json_writer_text(writer, key, at == 0 ? NULL : date_format(at, text));
}

static void
write_choice(struct json_writer *writer, const char *key,
    const struct mode_choice *choice)
{
	char addr[ADDR_TEXT];

	json_writer_object(writer, key);
	json_writer_text(writer, "mode", mode_word(choice->mode));
	if (choice->mode == MODE_PSC) {
		json_writer_text(writer, "psc_address",
		    addr_format_host(&choice->psc.addr, addr));
	}
	json_writer_end(writer);
}

void
standing_write_mode(const struct standing *standing, struct json_writer *writer)
{
	const struct standing_order *order = &standing->order;
	const int64_t left = order->until - time(NULL);

	write_choice(writer, "in_force", standing_mode(standing));
	write_choice(writer, "configured", &standing->configured);
	if (!order->given)
		return;
	json_writer_object(writer, "order");
	json_writer_text(writer, "by", order->by);
	write_date(writer, "at", order->at);
	write_date(writer, "until", order->until);
	if (order->until != 0) {
		json_writer_number(writer, "seconds_left",
		    left < 0 ? 0 : (uint64_t)left);
	}
	json_writer_end(writer);
}

void
standing_write_reload(const struct standing *standing,
    struct json_writer *writer)
{
	const struct standing_reload *reload = &standing->reload;

	json_writer_object(writer, "reload");
	write_date(writer, "at", reload->at);
	json_writer_bool(writer, "good", reload->at == 0 || reload->good);
	json_writer_number(writer, "errors", reload->errors);
	json_writer_number(writer, "count", reload->count);
	json_writer_number(writer, "failed", reload->failed);
	json_writer_end(writer);
}

void
standing_write_drift(const struct standing *standing,
    struct json_writer *writer)
{
	const struct drift_view *view = &standing->drift->view;

	json_writer_object(writer, "resolv_conf");
	json_writer_text(writer, "state", drift_state_text(view->state));
	json_writer_text(writer, "asks",
	    view->state == DRIFT_UNKNOWN ? NULL : view->text);
	json_writer_text(writer, "made_by", resolv_owner_text(view->owner));
	json_writer_bool(writer, "set_up", view->set_up);
	write_date(writer, "since",
	    standing->drift->since / (int64_t)CLOCK_SECOND);
	json_writer_end(writer);
}

void
standing_write_query_log(const struct standing *standing,
    struct json_writer *writer)
{
	const struct query_log_state state =
	    query_log_look(standing->query_log);

	json_writer_object(writer, "query_log");
	json_writer_text(writer, "to", state.to);
	json_writer_text(writer, "format", state.format);
	json_writer_text(writer, "queries", state.queries);
	json_writer_bool(writer, "good", !state.failing);
	json_writer_bool(writer, "hangs", state.hangs);
	json_writer_number(writer, "lost", state.lost);
	json_writer_end(writer);
}
