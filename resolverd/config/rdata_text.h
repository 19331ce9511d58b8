#ifndef CONFIG_RDATA_TEXT_H
#define CONFIG_RDATA_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "config/schema.h"
#include "dns/rrset.h"
#include "model/model.h"

/* Data as it stands in rrdatas. */
struct rdata_text {
	uint16_t type;
	const struct model_list *texts; /* struct model_text */
};

/*
 * Turns the text of each record's data into wire form in the decoder's arena,
 * texts->count of them; NULL after it complained of all that are wrong.
 */
const struct rdata *
rdata_text_read(struct decoder *decoder, const struct rdata_text *source);

/* Writes wire form as a list of texts on the line at hand. */
void rdata_text_write(uint16_t type, const struct rdata *rdata, size_t count,
    FILE *out);

#endif
