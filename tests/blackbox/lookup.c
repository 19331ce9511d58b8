/*
 * lookup NAME: what getaddrinfo of the C library it is linked with says, as
 * a program that connects to NAME would ask; addresses sorted by the caller.
 */
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>

int
main(int argc, char **argv)
{
	const struct addrinfo hints = {.ai_family = AF_UNSPEC,
	    .ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	char host[NI_MAXHOST];
	int error;

	if (argc != 2)
		return 2;
	error = getaddrinfo(argv[1], NULL, &hints, &list);
	if (error != 0) {
		printf("%s\n", gai_strerror(error));
		return 1;
	}
	for (const struct addrinfo *ai = list; ai != NULL; ai = ai->ai_next) {
		if (getnameinfo(ai->ai_addr, ai->ai_addrlen, host, sizeof(host),
			NULL, 0, NI_NUMERICHOST) != 0)
			return 2;
		printf("%s\n", host);
	}
	freeaddrinfo(list);
	return 0;
}
