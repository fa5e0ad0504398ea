/* What an import asks of the store while it shapes rows, read into memory
 * first: employers, and for the forms that need them people and what is
 * registered of them. Only confirmed and sealed folios say what is registered,
 * and which employers there are; what is merely staged is known by its number,
 * so that nobody gets a second one. */
#ifndef PEN_STORE_REFERENCE_H
#define PEN_STORE_REFERENCE_H

#include "model/form.h"
#include "model/review.h"
#include "model/shape.h"
#include "store/store.h"

struct pen_book;

/* Reads in slices; see pen_persons for people. What is registered and entered is read
 * as a journal index has it, INT64_MAX: as it is now; numbers are always those of now. */
enum pen_status pen_reference__open(struct pen_book **book, struct pen_store *store,
    const struct pen_form *form, int64_t as_of, struct pen_error *error);
void pen_reference__close(struct pen_book *book);
size_t pen_reference__memory(const struct pen_book *book);	/* bytes that people take, about */

struct pen_reference *pen_reference__of(struct pen_book *book);
/* Why an answer failed; PEN_OK if none did. */
enum pen_status pen_reference__failure(struct pen_book *book, struct pen_error *error);

/* The same answers for another thread, of what contributions ask and what lies in
 * memory; what would have to be looked up in the store sets `again`. */
struct pen_twin {
	struct pen_reference reference;
	const struct pen_book *book;
	struct pen_person_facts answer;
	char area[16];
	bool again;
};
void pen_reference__twin(struct pen_book *book, struct pen_twin *twin);

/* When somebody's contributions end, by what was confirmed. */
void pen_reference__ended(const struct pen_book *book, int64_t person, struct pen_ended *ended);

/* An employment period of the person with the employer has entered, as far as memory
 * knows (pen_persons__employed). */
bool pen_reference__employed(const struct pen_book *book, int64_t person, int64_t employer);

/* How many numbers were claimed that the store does not have yet. */
size_t pen_reference__claimed(const struct pen_book *book);
/* Enters them, in the order in which they were claimed, for a batch. Inside the
 * caller's transaction, which nobody else may come before: the numbers follow
 * those that the book read. */
enum pen_status pen_reference__enter(struct pen_book *book, int64_t batch, struct pen_error *error);

#endif
