/* Calls that do not compile in this project: each has lost data somewhere.
 * Forced into every translation unit by the Makefile (-include). */
#ifndef PEN_BANNED_H
#define PEN_BANNED_H

/* What the system headers themselves need must be seen before the poison. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat	/* no bound, or no end */
#pragma GCC poison sprintf vsprintf gets		/* no bound */
#pragma GCC poison strtok				/* hidden state */
#pragma GCC poison atoi atol atoll atof strtod strtof	/* no error, or floating point */
#pragma GCC poison gmtime localtime ctime asctime	/* hidden state */
#pragma GCC poison system popen				/* a shell in between */
#undef alloca
#pragma GCC poison alloca

#endif
