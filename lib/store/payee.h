/* Who is paid: their name for the bank, one payment, what the bank said to it, and all
 * that a benefit went through. */
#ifndef PEN_STORE_PAYEE_H
#define PEN_STORE_PAYEE_H

#include "store/people.h"

/* By number, as registered, else as the retirement form has them; "" for what is not known. */
enum pen_status pen_payee__name(struct pen_store *store, int64_t person, int64_t as_of, struct pen_someone *someone, struct pen_error *error);

/* By citizen id, as pen_people__person; also who is known by a retirement form alone. */
enum pen_status pen_payee__person(struct pen_store *store, const char *id, int64_t as_of, struct pen_someone *someone, struct pen_error *error);

/* One line of a roll. batch 0: there is none. */
struct pen_payee_payment { int64_t amount_fen, batch; int32_t month; bool sealed; };
enum pen_status pen_payee__payment(struct pen_store *store, int64_t person, int64_t folio, int64_t line,
    struct pen_payee_payment *payment, struct pen_error *error);
/* What the bank said to it last, sealed or not; batch 0: nothing. */
enum pen_status pen_payee__returned(struct pen_store *store, int64_t person, int64_t folio, int64_t line,
    bool *failed, int64_t *batch, struct pen_error *error);
/* Batches in which the bank says something of it, the first ones; returns PEN_OK and how many. */
#define PEN_PAYEE_BATCHES 8
enum pen_status pen_payee__told(struct pen_store *store, int64_t person, int64_t folio, int64_t line,
    int64_t batch[PEN_PAYEE_BATCHES], size_t *count, struct pen_error *error);
/* The batch of a change of theirs that waits to be sealed; 0: none. */
enum pen_status pen_payee__waiting(struct pen_store *store, int64_t person, int64_t *batch, struct pen_error *error);

/* One step of a benefit: a row of a roll, a decision, a word of the bank. Amounts fen;
 * INT64_MIN: does not apply. Texts are valid during the visit. */
struct pen_payee_step {
	int32_t month;
	int64_t batch, folio, amount_fen, arrears_fen, recovered_fen, once_fen, overpaid_fen;
	bool sealed;
	const char *what, *reason;	/* reason NULL: none */
};
typedef enum pen_status pen_payee_visit(void *context, const struct pen_payee_step *step, struct pen_error *error);
enum pen_status pen_payee__history(struct pen_store *store, int64_t person, int64_t as_of, pen_payee_visit *visit,
    void *context, struct pen_error *error);

#endif
