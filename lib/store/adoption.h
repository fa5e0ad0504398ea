/* A restored store put into service: an entry signed by two (backup.adopt, twice with
 * one body), which names the snapshot, how much of the journal it has, and the newest
 * checkpoint that is known of the store which was lost. */
#ifndef PEN_STORE_ADOPTION_H
#define PEN_STORE_ADOPTION_H

#include "model/entry.h"
#include "model/note.h"
#include "store/staff.h"

#define PEN_ACT_ADOPT "backup.adopt"
#define PEN_ADOPTION_REASON 256

/* at: the second entry, -1 while there is none. size, root: of the journal as it was
 * restored. checkpoint_size 0: none was known. */
struct pen_adoption {
	int64_t first, at, size, checkpoint_size;
	char staff[2][64], root[PEN_DIGEST_HEX], checkpoint_root[PEN_DIGEST_HEX];
	char snapshot[64], manifest[80], reason[PEN_ADOPTION_REASON];
};

typedef enum pen_status pen_adoption_visit(void *context, const struct pen_adoption *adoption, struct pen_error *error);

/* All of the first `size` entries, oldest first. Two entries are one adoption if they
 * say the same, and were signed by different people who suit. */
enum pen_status pen_adoption__each(struct pen_store *store, int64_t size, pen_adoption_visit *visit, void *context,
    struct pen_error *error);
/* The newest of all. */
enum pen_status pen_adoption__newest(struct pen_store *store, struct pen_adoption *adoption, bool *found, struct pen_error *error);
/* The one, signed by two, that names this checkpoint. */
enum pen_status pen_adoption__naming(struct pen_store *store, int64_t size, const struct pen_checkpoint *checkpoint,
    struct pen_adoption *adoption, bool *found, struct pen_error *error);

/* Whether a dba and a head or system lead signed, each at an entry of theirs (R7.2). */
enum pen_status pen_adoption__suit(struct pen_store *store, const char *one, int64_t one_at, const char *two, int64_t two_at,
    bool *suit, struct pen_error *error);

/* The body of the entry; the caller frees the text. */
enum pen_status pen_adoption__body(const struct pen_adoption *adoption, struct pen_body *body, const char **text,
    struct pen_error *error);

#endif
