#include "ctl/document_audience.h"

#include <stddef.h>

#include "model/audience.h"

static void
write_names(const struct model *model,
    const struct model_visibility *visibility, bool clusters,
    struct json_writer *writer)
{
	const size_t count = audience_count(model);

	json_writer_array(writer, clusters ? "clusters" : "networks");
	for (size_t i = 0; i < count; i++) {
		const struct audience audience = audience_at(model, i);

		if ((audience.cluster != NULL) == clusters &&
		    (visibility == NULL ||
			audience_sees(&audience, visibility)))
			json_writer_text(writer, NULL, audience.name);
	}
	json_writer_end(writer);
}

void
document_audience_write(const struct model *model,
    const struct model_visibility *visibility, struct json_writer *writer)
{
	write_names(model, visibility, false, writer);
	write_names(model, visibility, true, writer);
}
