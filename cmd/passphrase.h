/* A key's passphrase: from the file PEN_PASSPHRASE_FILE, or the terminal without
 * echo; never from an argument. Both write at most room bytes with NUL, and
 * return the length, or -1. */
#ifndef PEN_PASSPHRASE_H
#define PEN_PASSPHRASE_H

int passphrase_ask(void *context, char *buf, int room);		/* of a key that is there */
int passphrase_choose(void *context, char *buf, int room);	/* of a new one: asked twice */

#endif
