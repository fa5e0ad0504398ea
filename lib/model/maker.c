#include "model/maker.h"

#include <stddef.h>
#include <string.h>

#define ENTRY(act, role, amount) { act, role, amount },
#define NAME(act, role, amount) act " "

const struct pen_maker pen_maker__all[] = { PEN_MAKERS(ENTRY) { NULL, NULL, NULL } };
const char pen_maker__names[] = " " PEN_MAKERS(NAME);

const struct pen_maker *pen_maker__of(const char *act)
{
	const struct pen_maker *maker;

	for (maker = pen_maker__all; maker->act; maker++)
		if (strcmp(maker->act, act) == 0)
			return maker;
	return NULL;
}
