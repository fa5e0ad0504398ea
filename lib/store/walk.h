/* What all the walks of verification have in common: where findings go, what
 * was counted, and whether a signature holds. */
#ifndef PEN_STORE_WALK_H
#define PEN_STORE_WALK_H

#include "model/rule.h"
#include "store/folio.h"
#include "store/lately.h"
#include "store/looking.h"
#include "store/scope.h"
#include "store/session.h"

/* By what the record of a finding is found in the store: its kind ("contribution",
 * "folio", "seal"; NULL: not told), and the numbers that it has there; 0: none. */
struct pen_walk_key { const char *kind; int64_t folio, person, employer; };

struct pen_walk_key pen_walk__key_of_row(const struct pen_kind *kind, const struct pen_value *values,
    const struct pen_folio *folio);
struct pen_walk_key pen_walk__key_of_folio(const struct pen_folio *folio);

/* One thing that does not hold. Strings are valid during the call. */
struct pen_walk_found {
	const char *rule, *class, *severity, *clause, *advice;
	const char *record;		/* as a person names it */
	const char *field, *found, *expected;
	int64_t batch, line;		/* 0: none */
	struct pen_walk_key key;
};
typedef enum pen_status pen_walk_visit(void *context, const struct pen_walk_found *found, struct pen_error *error);

struct pen_walk_keys;

/* A verification under way. The caller fills the first part; the counts grow
 * as the walks go on. */
struct pen_walk {
	struct pen_session *session;
	pen_walk_visit *visit;
	void *context;
	const char *rule;		/* these rules alone, with commas between; NULL: all */
	unsigned classes;		/* 1 << a class for each that is wanted; 0: all */
	const struct pen_scope *scope;	/* findings of these records alone; NULL: all */
	const struct pen_lately *lately;	/* findings since an entry alone; NULL: all */
	int64_t entry;			/* 1 + the entry that is being read; 0: none */
	/* Entries when the verification began: what was done since is left alone. */
	int64_t size;

	int64_t rows, amount_fen;	/* that the rules looked at, and their amounts */
	int64_t rules;			/* over records, that were run */
	int64_t entries, seals, signatures, folios, leaves, sources, blobs;
	int64_t found;			/* findings handed out, notes too */
	int64_t left_out;		/* of other records, or of before what is wanted */
	int64_t left_out_integrity;	/* among the latter, those of class seal */
	int64_t not_made;		/* checks that could not be made */
	bool base_unchecked, share_unchecked, deemed_unchecked;	/* parameters were missing */
	struct pen_walk_keys *keys;	/* freed by pen_walk__end */
	struct pen_looking looking;	/* let go whenever something is handed out or told */
};

/* A finding of a rule of the catalogue, about a record (a text with its
 * arguments at the end). */
struct pen_walk_place { const char *rule, *field, *found, *expected; int64_t batch, line; };
enum pen_status pen_walk__report(struct pen_walk *walk, const struct pen_walk_place *place,
    struct pen_error *error, const char *record, ...) PEN_PRINTF(4, 5);

/* The same with what the record is found by. */
enum pen_status pen_walk__report_of(struct pen_walk *walk, const struct pen_walk_key *key,
    const struct pen_walk_place *place, struct pen_error *error, const char *record, ...) PEN_PRINTF(5, 6);
/* The same for a finding that says itself of what rule and class it is. */
enum pen_status pen_walk__hand_out(struct pen_walk *walk, const struct pen_walk_found *found, struct pen_error *error);

/* What a lower call found damaged becomes a finding, under the rule that was
 * looking; every other failure is handed on as it is. */
enum pen_status pen_walk__damage(struct pen_walk *walk, enum pen_status status, const char *rule,
    int64_t batch, const char *record, struct pen_error *error);

/* A check that could not be made: a note under the rule's id, with why (an
 * error, or a text of one's own). */
enum pen_status pen_walk__not_made(struct pen_walk *walk, const char *rule, const char *record,
    const char *why, struct pen_error *error);

/* True if a batch is among those that are asked for; NULL: all are. */
bool pen_walk__among(const int64_t *batches, size_t count, int64_t batch);

/* True if findings of this rule, and its class, are wanted. */
bool pen_walk__wants(const struct pen_walk *walk, const char *rule);
bool pen_walk__wants_class(const struct pen_walk *walk, enum pen_rule_class class);

/* Whether bytes were signed with the key that somebody had at an entry. *why is
 * NULL if so, else a few words. */
enum pen_status pen_walk__signed(struct pen_walk *walk, const char *staff, int64_t at, const void *bytes,
    size_t n, const unsigned char *signature, size_t signature_n, const char **why, struct pen_error *error);

/* Who a row is about: citizen id and name, or credit code; its number where
 * nothing more is known. A registration or an employer says so itself. */
#define PEN_WHO 256
enum pen_status pen_walk__who(struct pen_store *store, const struct pen_kind *kind,
    const struct pen_value *values, char out[PEN_WHO], struct pen_error *error);

/* The id that somebody was registered with, the highest if there are several; "number N"
 * where none is known. */
enum pen_status pen_walk__id(struct pen_store *store, int64_t person, char out[PEN_WHO], struct pen_error *error);

/* Before many short looks at the store, between one and the next (pen_looking__on); and
 * behind the last. */
enum pen_status pen_walk__look(struct pen_walk *walk, struct pen_error *error);
void pen_walk__look_away(struct pen_walk *walk);

/* PEN_INCOMPLETE if the caller wants to stop; tells how far it is otherwise. */
enum pen_status pen_walk__go_on(struct pen_walk *walk, const char *step, int64_t done, int64_t total,
    struct pen_error *error);

void pen_walk__end(struct pen_walk *walk);

#endif
