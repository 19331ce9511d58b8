#include "core/identity.h"

#include <stdint.h>

#include "dns/message.h"
#include "dns/name.h"

bool
identity_asked(const struct question *question)
{
	static const uint8_t name[] = {9, 'r', 'e', 's', 'o', 'l', 'v', 'e',
	    'r', 'd', 0};

	return question->class == CLASS_CH && question->type == TYPE_TXT &&
	    name_equal(question->name.wire, name);
}
