/* Everybody in the store, and what is registered of them, read into memory for
 * an import: some 30 bytes a person. Names are kept as marks; the name itself is
 * asked for where a mark differs. */
#ifndef PEN_STORE_PERSONS_H
#define PEN_STORE_PERSONS_H

#include "model/rule.h"
#include "store/store.h"

struct pen_persons;
/* Reads the store, on both cores unless a transaction is open. Only confirmed
 * and sealed folios say what is registered, those of a journal index (INT64_MAX: now). */
enum pen_status pen_persons__open(struct pen_persons **persons, struct pen_store *store, int64_t as_of,
    struct pen_error *error);
void pen_persons__close(struct pen_persons *persons);
size_t pen_persons__memory(const struct pen_persons *persons);	/* bytes, about */

/* Facts by citizen id (18 characters); facts->person is 0 if there is nobody. A
 * claim gives the next number to somebody unknown. False: no memory. */
bool pen_persons__find(struct pen_persons *persons, const char id18[19], bool claim, struct pen_person_facts *facts);
/* Has what memory knows of an id fetched, for when it is looked for: far ahead of that
 * where its number lies, and then, near, what that leads to. */
void pen_persons__expect(const struct pen_persons *persons, const char id18[19], bool near);
/* Registered by a confirmed or sealed folio. */
bool pen_persons__registered(const struct pen_persons *persons, int64_t person);
/* And with this employer: then an employment period of theirs has entered. False does
 * not say that there is none: it may be of an earlier registration, or of a change. */
bool pen_persons__employed(const struct pen_persons *persons, int64_t person, int64_t employer);

/* How many ids were claimed; and entering them, with the batch that brought them.
 * Their numbers follow the order of claiming. */
size_t pen_persons__claimed(const struct pen_persons *persons);
enum pen_status pen_persons__enter(const struct pen_persons *persons, int64_t batch, struct pen_error *error);

#endif
