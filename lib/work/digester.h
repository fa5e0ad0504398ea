/* The digest of a whole file. It takes as long as all else that is done with the pieces
 * together, so it is made on the other core. */
#ifndef PEN_WORK_DIGESTER_H
#define PEN_WORK_DIGESTER_H

#include "adapter/digest.h"

struct pen_digester;
enum pen_status pen_digester__begin(struct pen_digester **digester, enum pen_suite suite, struct pen_error *error);
/* The next piece, which is the digester's from here on, and goes when it is digested. Waits
 * while some others do. */
void pen_digester__add(struct pen_digester *digester, char *bytes, size_t n);
/* "sha256:HEX", as manifests have it. Nothing is added behind it. */
void pen_digester__end(struct pen_digester *digester, char *out, size_t room);
void pen_digester__free(struct pen_digester *digester);	/* at any time; NULL is fine */

#endif
