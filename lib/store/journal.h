/* The journal: appended to in the transaction of the act; the leaves of one
 * Merkle tree. */
#ifndef PEN_STORE_JOURNAL_H
#define PEN_STORE_JOURNAL_H

#include "adapter/signature.h"
#include "model/entry.h"
#include "model/merkle.h"
#include "model/note.h"
#include "store/store.h"

/* Appends, at the present time; fills entry->at. key NULL: an attempt, unsigned. `changes`:
 * the act changes reference data or what reports show. A tree node that is
 * there already means the journal was cut: PEN_INTEGRITY. */
enum pen_status pen_journal__append(struct pen_store *store, struct pen_entry *entry, bool changes,
    const struct pen_key *key, struct pen_error *error);

enum pen_status pen_journal__size(struct pen_store *store, int64_t *size, struct pen_error *error);
/* The newest entry that changes something; -1: none. */
enum pen_status pen_journal__newest_change(struct pen_store *store, int64_t *at, struct pen_error *error);
/* Root of the tree of the first `size` entries, from the kept nodes. */
enum pen_status pen_journal__checkpoint(struct pen_store *store, int64_t size,
    struct pen_checkpoint *checkpoint, struct pen_error *error);
/* An entry's way to the root of the tree of the first `size` entries, from the kept
 * nodes. */
enum pen_status pen_journal__path(struct pen_store *store, int64_t at, int64_t size,
    struct pen_merkle_path *path, struct pen_error *error);
/* An entry as it stands; PEN_INTEGRITY if it does not. The caller frees the text. */
struct pen_journal_entry { struct pen_text text; unsigned char signature[PEN_SIGNATURE_ROOM]; size_t n; };
enum pen_status pen_journal__entry(struct pen_store *store, int64_t at, struct pen_journal_entry *entry,
    struct pen_error *error);
/* An --as-of: an index, or a date or time, which means the last entry before
 * its end (local day). NULL: the newest entry. PEN_USAGE if it is neither, or
 * beyond the journal. */
enum pen_status pen_journal__as_of(struct pen_store *store, const char *as_of, int64_t *at, struct pen_error *error);
/* By how many seconds the clocks of an agency may differ before that is told. What
 * is decided goes by index, never by a clock. */
#define PEN_JOURNAL_LEEWAY 300

/* The newest entry of an act; -1: none. */
enum pen_status pen_journal__last_of(struct pen_store *store, const char *act, int64_t *at, struct pen_error *error);
/* The time of an entry; "" if there is none. */
enum pen_status pen_journal__time(struct pen_store *store, int64_t at, char out[21], struct pen_error *error);

#endif
