/* Who of the staff cosigned a checkpoint. */
#ifndef PEN_STORE_COSIGNER_H
#define PEN_STORE_COSIGNER_H

#include "model/cosignature.h"
#include "store/staff.h"

/* The name under which somebody cosigns: the log's origin, a slash, the id. */
#define PEN_COSIGNER_ROOM 160
void pen_cosigner__name(struct pen_store *store, const char *staff, char out[PEN_COSIGNER_ROOM]);

/* How a signature line fared. STRANGER: of nobody, or of no key, that the store
 * knows; LOG: the log's own. */
enum pen_cosigner_state { PEN_COSIGNER_LOG, PEN_COSIGNER_HOLDS, PEN_COSIGNER_BROKEN, PEN_COSIGNER_STRANGER };
struct pen_cosigner { enum pen_cosigner_state state; char name[PEN_COSIGNER_ROOM], staff[64]; int64_t time; };

/* Each signature line of a note. A key that the person has, or had, is one of
 * theirs: its id in the line says which. */
typedef enum pen_status pen_cosigner_visit(void *context, const struct pen_cosigner *cosigner, struct pen_error *error);
enum pen_status pen_cosigner__each(struct pen_store *store, const char *note, size_t n,
    pen_cosigner_visit *visit, void *context, struct pen_error *error);

/* The size of the largest checkpoint that somebody cosigned, by the journal; -1:
 * none. */
enum pen_status pen_cosigner__newest(struct pen_store *store, const char *staff, int64_t *size, struct pen_error *error);

#endif
