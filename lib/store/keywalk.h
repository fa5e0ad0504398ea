/* The public keys of the staff against each other: nobody has two names. */
#ifndef PEN_STORE_KEYWALK_H
#define PEN_STORE_KEYWALK_H

#include "store/walk.h"

/* Every key that is, or was, that of two people, however it is written (R4.2.3:
 * two signatures by one hand are one). */
enum pen_status pen_keywalk__run(struct pen_walk *walk, struct pen_error *error);

#endif
