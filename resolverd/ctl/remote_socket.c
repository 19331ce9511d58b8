#include "ctl/remote_socket.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "config/node.h"
#include "config/text_file.h"
#include "config/yaml.h"
#include "ctl/arguments.h"

enum { FILE_LIMIT = 64 * 1024 * 1024 };

/* The one key; whatever else is wrong with the file is not of interest. */
static const char *
read_key(FILE *file, const char *path, struct arena *arena)
{
	const struct node *root = NULL;
	const struct node *socket = NULL;
	struct text_file content;
	struct diag diag;

	diag_init(&diag);
	if (text_file_read(file, FILE_LIMIT, &content) == TEXT_FILE_OK) {
		root = yaml_load(
		    &(struct yaml_text){
			.path = path,
			.text = content.text,
			.len = content.len,
		    },
		    arena, &diag);
	}
	if (root != NULL)
		socket = node_get(root, "control_socket");
	text_file_free(&content);
	diag_fini(&diag);
	return socket != NULL && socket->kind == NODE_SCALAR ? socket->text
							     : NULL;
}

const char *
remote_socket_find(struct arena *arena)
{
	const char *named = getenv("RESOLVERCTL_SOCKET");
	const char *config = arguments_default_config();
	const char *socket;
	FILE *file;

	if (named != NULL && named[0] != '\0')
		return named;
	file = config == NULL ? NULL : fopen(config, "re");
	if (file == NULL)
		return NULL;
	socket = read_key(file, config, arena);
	fclose(file);
	return socket;
}
