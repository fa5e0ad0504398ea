/* A batch's receipt, built from the store: what was read, what of it came in,
 * what was mended and assumed on the way. */
#ifndef PEN_STORE_RECEIPT_H
#define PEN_STORE_RECEIPT_H

#include "model/given.h"
#include "model/printer.h"
#include "store/batch.h"
#include "store/folio.h"

struct pen_receipt_count { char code[40]; int64_t count; char text[512]; };

/* Invariant (checked when it is loaded, PEN_INTEGRITY "receipt.balance"): what was
 * read is accepted + rejected + held + other, in lines and in fen. */
struct pen_receipt {
	struct pen_batch batch;
	int64_t folios, of_state[PEN_FOLIO_DISCARDED + 1];
	int64_t accepted, rejected, held;	/* lines; accepted without the held */
	int64_t accepted_fen, rejected_fen, held_fen;
	int64_t open_rejects;			/* not brought in mended */
	int32_t open_since;			/* since when (local date); 0: none is open */
	int64_t open_days;			/* whole days; never below 0 */
	bool dry_run;				/* none of it is kept; whoever loads it says so */
	struct pen_receipt_count repair[64], assumption[96];
	size_t repairs, assumptions;
	struct pen_given_set given;
};

/* PEN_USAGE if there is no such batch. Large: let it lie on the heap. */
enum pen_status pen_receipt__load(struct pen_store *store, int64_t batch, struct pen_receipt **receipt, struct pen_error *error);
void pen_receipt__free(struct pen_receipt *receipt);

/* PEN_FINDINGS if rows were rejected, or are held. */
enum pen_status pen_receipt__status(const struct pen_receipt *receipt);

/* The record that goes to a printer, as one document, a head or a row; it is
 * valid as long as view and receipt are. */
struct pen_receipt_view {
	struct pen_item item[40];
	size_t count;
	struct pen_item repair_item[64][2], assumption_item[96][3], given_item[PEN_FIELDS_MOST][2];
	struct pen_items repair[64], assumption[96], given[PEN_FIELDS_MOST];
	char digest[16 + PEN_DIGEST_HEX];
};
struct pen_items pen_receipt__items(struct pen_store *store, const struct pen_receipt *receipt, struct pen_receipt_view *view);
void pen_receipt__print(struct pen_store *store, const struct pen_receipt *receipt, struct pen_printer *printer);

/* Adds an assumption to the list that pen_batch__staged takes. The first opens the
 * list; the caller ends it with "]", or hands on "[]" if there is none. */
struct pen_text;
void pen_receipt__assume(struct pen_text *json, const char *code, int64_t count, const char *text);

#endif
