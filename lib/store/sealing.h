/* Seals: a text over folios of a batch, signed by every role of the form. */
#ifndef PEN_STORE_SEALING_H
#define PEN_STORE_SEALING_H

#include "store/batch.h"
#include "store/folio.h"
#include "base/text.h"

struct pen_seal { int64_t id, batch, at, ended_at; char state[8], digest[PEN_DIGEST_HEX]; };
struct pen_seal_signature { char role[16], staff[64]; int64_t at; unsigned char bytes[128]; size_t n; };

/* Draws up the text of a seal over these folios of the batch, whose roots are
 * made, from what the store holds (the agreements too). `id` and `previous` as
 * they are to stand; the same call with an old seal's gives its text again, so
 * that verification compares it byte for byte. */
enum pen_status pen_sealing__text(struct pen_store *store, int64_t id, const char *previous,
    const struct pen_batch *batch, const struct pen_folio *folios, size_t count,
    struct pen_text *text, struct pen_error *error);

/* The next seal's id and the digest of the text before it ("": none). */
enum pen_status pen_sealing__next(struct pen_store *store, int64_t *id, char previous[PEN_DIGEST_HEX], struct pen_error *error);
enum pen_status pen_sealing__enter(struct pen_store *store, const struct pen_seal *seal, const char *text,
    const struct pen_folio *folios, size_t count, struct pen_error *error);
enum pen_status pen_sealing__sign(struct pen_store *store, int64_t seal, const struct pen_seal_signature *signature, struct pen_error *error);
enum pen_status pen_sealing__set_state(struct pen_store *store, int64_t seal, const char *state, int64_t at, struct pen_error *error);

enum pen_status pen_sealing__load_text(struct pen_store *store, int64_t seal, char **text, struct pen_error *error);	/* pen_memory__free */
/* The folios and signatures of a seal, in order; at most `room`. */
enum pen_status pen_sealing__folios(struct pen_store *store, int64_t seal, struct pen_folio **folios, size_t *count, struct pen_error *error);	/* pen_memory__free */
enum pen_status pen_sealing__signatures(struct pen_store *store, int64_t seal,
    struct pen_seal_signature *signatures, size_t room, size_t *count, struct pen_error *error);
/* The open or closed (not void) seal that a folio is in; 0: none. */
enum pen_status pen_sealing__of_folio(struct pen_store *store, int64_t folio, int64_t *seal, struct pen_error *error);

typedef enum pen_status pen_seal_visit(void *context, const struct pen_seal *seal, struct pen_error *error);
enum pen_status pen_sealing__each(struct pen_store *store, int64_t batch, pen_seal_visit *visit, void *context, struct pen_error *error);	/* batch 0: all */

enum pen_status pen_sealing__find(struct pen_store *store, int64_t id, struct pen_seal *seal, bool *found, struct pen_error *error);
/* The digest of the seal before one ("": it is the first). */
enum pen_status pen_sealing__previous(struct pen_store *store, int64_t id, char previous[PEN_DIGEST_HEX], struct pen_error *error);

/* Who did what at a journal entry; all "" if there is none. */
struct pen_sealing_entry { char staff[64], act[64], subject[128]; };
enum pen_status pen_sealing__entry(struct pen_store *store, int64_t at, struct pen_sealing_entry *entry, struct pen_error *error);

/* The newest answer of a folio's employer; answer "": none yet. */
struct pen_agreement { char answer[16], document[PEN_DIGEST_HEX]; int32_t answered_on; };
enum pen_status pen_sealing__agreement(struct pen_store *store, int64_t folio, struct pen_agreement *agreement, struct pen_error *error);
enum pen_status pen_sealing__agree(struct pen_store *store, int64_t folio, int64_t at,
    const struct pen_agreement *agreement, const char *note, struct pen_error *error);

/* The answers that one entry took in, as a digest that the entry names: a line
 * for each folio, in the order of their numbers. note may be NULL. */
void pen_sealing__answer_line(struct pen_text *text, int64_t folio, const struct pen_agreement *agreement, const char *note);
enum pen_status pen_sealing__answers(struct pen_store *store, int64_t at, char digest[PEN_DIGEST_HEX], struct pen_error *error);

#endif
