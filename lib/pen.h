/*
 * libpen: the records and the rules of a pension-insurance agency.
 *
 * Read from top to bottom: status codes, the error, output, the session, then
 * one call for each step of the work, in the order of the work.
 *
 * Ownership, in two sentences: what you receive through a pointer that you
 * passed is yours, and its _free or _close takes NULL; what a call returns
 * belongs to the object that you asked.
 *
 * A call that can fail returns an enum pen_status and takes a struct pen_error
 * last, which it fills exactly when the status is neither PEN_OK nor
 * PEN_FINDINGS. The library never prints and never exits; what it has to say
 * it puts to the struct pen_printer that you gave.
 *
 * Units and encodings, everywhere: money is int64_t fen; rates are int64_t
 * millionths; dates are int32_t yyyymmdd, months int32_t yyyymm, years int32_t,
 * 0 standing for none; text is UTF-8, NUL-terminated; digests are lower-case
 * hexadecimal. Clause numbers (R4.2.1) are those of CLAUSES in pen(7).
 */
#ifndef PEN_H
#define PEN_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define PEN_API __attribute__((visibility("default")))
#define PEN_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define PEN_API
#define PEN_PRINTF(f, a)
#endif

#define PEN_VERSION "0.1.0"

/* The version of the library that is running, which may be newer than the
 * PEN_VERSION that a program was built against. */
PEN_API const char *pen_version(void);

/* ------------------------------------------------------------- status -- */

/* What a call comes to. The numbers are the exit statuses of all the tools. */
enum pen_status {
	PEN_OK = 0,		/* done, and clean */
	PEN_FINDINGS = 1,	/* done; there are findings, rejected rows, or
				 * something is left that waits for somebody */
	PEN_USAGE = 2,		/* wrong usage: an argument that cannot be */
	PEN_REFUSED = 3,	/* refused: role, signature, state, terminal;
				 * the error names the clause */
	PEN_INPUT = 4,		/* input unusable: unreadable, or not the form
				 * that it claims to be */
	PEN_INTEGRITY = 5,	/* tampering or corruption found */
	PEN_BUSY = 6,		/* another run holds the store: try again */
	PEN_SYSTEM = 7,		/* the system failed: I/O, disk full, memory */
	PEN_INCOMPLETE = 8	/* a check could not be made, or the work was
				 * stopped early and can be resumed */
};

/* -------------------------------------------------------------- error -- */

/* One failure: where, what was found, what was expected, what to do next.
 * Empty strings and 0 stand for "does not apply". Start it as {0}. */
struct pen_error {
	enum pen_status status;
	char code[40];		/* stable id, the same in every language */
	char clause[16];	/* of the regulation, e.g. "R4.2.1" */
	char file[256];		/* place: the file as the caller named it */
	long line;		/* place: its line, counted from 1 */
	char column[64];	/* place: the column's title */
	char text[1024];	/* one line, no full stop, localised */
};

/* The one line to show: "file:line: column: text [clause] (code)". Returns buf. */
PEN_API char *pen_error_format(const struct pen_error *error, char *buf, size_t size);

/* ------------------------------------------------------------- output -- */

/* Every result goes out as records, and one printer gives them their form. */
enum pen_format { PEN_TEXT, PEN_CSV, PEN_JSON, PEN_NDJSON };

struct pen_printer;

/* Prints to `out`, which stays the caller's. The summary record that ends an
 * NDJSON stream carries the SHA-256 of the lines before it. */
PEN_API enum pen_status pen_printer_open(struct pen_printer **printer, FILE *out,
    enum pen_format format, struct pen_error *error);

/* Ends the document, flushes, and reports the first failure to write. A pipe that
 * its reader closed is none: what came after was not wanted (ignore SIGPIPE). */
PEN_API enum pen_status pen_printer_finish(struct pen_printer *printer, struct pen_error *error);

PEN_API void pen_printer_free(struct pen_printer *printer);

/* ------------------------------------------------------------ session -- */

/* One person at work on one store. Every act of a session is signed with that
 * person's key and entered in the journal (R7.5, R8.1). */
struct pen_session;

struct pen_session_options {
	const char *store;		/* directory with pen.db in it */
	const char *staff;		/* who acts; NULL: nobody, see below */
	const char *key;		/* PEM file; NULL: $XDG_CONFIG_HOME/pen/STAFF.pem */
	/* What is run, such as "pen-import confirm": stands in the entry of an
	 * attempt that was refused at the door. NULL: not told. */
	const char *command;
	/* For a step that goes on while the store is suspended (R7.3), and for one
	 * that a computer may do that is not registered (R7.4). The acts themselves
	 * are looked at again; to others nothing opens by this. */
	bool while_suspended, anywhere;
	/* To put a restored store into service, which is a copy until then. */
	bool restored;
	/* Asks for the key's passphrase: writes at most room bytes with NUL and
	 * returns the length, or -1. NULL: an encrypted key is refused. */
	int (*passphrase)(void *context, char *buf, int room);
	/* Told now and then how far a long step is (total -1: not known). */
	void (*progress)(void *context, const char *step, int64_t done, int64_t total);
	/* Asked now and then: true stops the work as soon as that loses nothing. */
	bool (*stopped)(void *context);
	void *context;
};

/* Opens a store for a person whose key is the one that the store knows. A
 * read-only copy or a restored backup needs no staff and no key; what is read
 * there is entered nowhere. PEN_REFUSED: unknown staff, or not their key, a
 * computer that is not registered (R7.4), a store that is suspended (R7.3); the
 * attempt is entered in the journal. PEN_INPUT: no store there, or one that is
 * newer than this program. PEN_SYSTEM: among others, one that may not be read. */
PEN_API enum pen_status pen_session_open(struct pen_session **session,
    const struct pen_session_options *options, struct pen_error *error);
PEN_API void pen_session_close(struct pen_session *session);

/* ------------------------------------------------------------- set up -- */

struct pen_init_options {
	const char *store;		/* a directory that does not exist, or is empty */
	const char *agency;		/* GB/T 2260, six digits */
	const char *name;
	const char *head_id, *head_name;	/* the head of the agency, first of its staff */
	const char *suite;		/* "sm2-sm3" (NULL), or "ed25519-sha256" */
	int32_t live_on;		/* the day the system went live (R4.3.1); 0: today */
	const char *public_key;		/* the head's, PEM file; NULL: a key pair is made */
	const char *keys;		/* directory for keys; NULL: $XDG_CONFIG_HOME/pen */
	int (*passphrase)(void *context, char *buf, int room);	/* for the keys made; NULL: none */
	void *context;
	bool dry_run;			/* only looks whether it could be made */
};
/* Makes a store with its schema, its log key, its head, and the parameters that
 * came with the program. */
PEN_API enum pen_status pen_init(const struct pen_init_options *options,
    struct pen_printer *printer, struct pen_error *error);

struct pen_staffing_options {
	const char *id, *name, *role;
	const char *agency;		/* NULL: the store's own */
	const char *public_key;		/* PEM file; NULL: a key pair is made, for trying out */
	const char *keys;		/* directory for the pair; NULL: $XDG_CONFIG_HOME/pen */
	int (*passphrase)(void *context, char *buf, int room);
	void *context;
	bool dry_run;			/* no key files either */
};
/* Grants a role, and enters the person if new. The head's act. */
PEN_API enum pen_status pen_staffing_add(struct pen_session *session,
    const struct pen_staffing_options *options, struct pen_printer *printer, struct pen_error *error);
/* Takes a role (NULL: all of them) away from now on; what was signed stays valid. */
PEN_API enum pen_status pen_staffing_revoke(struct pen_session *session, const char *id,
    const char *role, bool dry_run, struct pen_printer *printer, struct pen_error *error);
PEN_API enum pen_status pen_staffing_list(struct pen_session *session,
    struct pen_printer *printer, struct pen_error *error);

/* The id of this computer as a terminal, in the suite of a store (a directory;
 * nothing is entered), or one named, or else sm2-sm3. No session needed. */
PEN_API enum pen_status pen_terminals_here(const char *store, const char *suite,
    struct pen_printer *printer, struct pen_error *error);

struct pen_terminals_options {
	const char *id;			/* as pen_terminals_here says it there; NULL: this computer */
	const char *name;		/* where it stands */
	const char *agency;		/* NULL: the store's own, whose terminals serve everybody */
	bool dry_run;
};
/* Registers a computer (R7.4): every other one is refused. The syslead's or the
 * head's act; the one act that is open to a computer which is not registered, about
 * itself, so that a store restored elsewhere can be opened again. */
PEN_API enum pen_status pen_terminals_add(struct pen_session *session,
    const struct pen_terminals_options *options, struct pen_printer *printer, struct pen_error *error);
/* Takes it away from now on; what was done there stays valid. id: all of it, or its
 * beginning. The one acted from cannot be taken away. */
PEN_API enum pen_status pen_terminals_remove(struct pen_session *session, const char *id, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);
PEN_API enum pen_status pen_terminals_list(struct pen_session *session,
    struct pen_printer *printer, struct pen_error *error);

/* Cuts access off (R7.3): until it is resumed, everything is refused but
 * verification, backups, the log of the incident and the status. The syslead's or
 * the dba's act; done again it says since when, by whom and why. */
PEN_API enum pen_status pen_suspend(struct pen_session *session, const char *reason, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);
/* Ends it: the syslead's, the dba's or the head's act. */
PEN_API enum pen_status pen_resume(struct pen_session *session, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);

/* Puts a parameter table (CSV, pen-forms(5)) in force under its file's name.
 * The syslead's or the head's act. */
PEN_API enum pen_status pen_parameters_load(struct pen_session *session, const char *path, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);
/* The tables in force, or the rows of the one of that name (else NULL), now or (as_of not
 * NULL) as of a journal index or a date. */
PEN_API enum pen_status pen_parameters_list(struct pen_session *session, const char *name, const char *as_of,
    struct pen_printer *printer, struct pen_error *error);

/* What the store is, holds, and waits for, and which duties are due. */
PEN_API enum pen_status pen_status_show(struct pen_session *session,
    struct pen_printer *printer, struct pen_error *error);

/* ----------------------------------------------------------- bring in -- */

/* Totals that somebody declares; entry is refused if they are not met (R4.1.2). */
struct pen_expectation {
	int64_t rows;			/* rows to be admitted (accepted, not held); -1: not declared */
	bool has_amount;
	int64_t amount_fen;
};

struct pen_stage_options {
	const char *form, *path;	/* path "-": stdin */
	/* Further files, each a batch of its own; the receipts are then the rows
	 * of a table "receipts". Without an expectation and a name for rejects. */
	const char *const *more;
	size_t more_count;
	bool confirm;			/* needs an expectation */
	struct pen_expectation expect;
	const char *rejects;		/* file for the rejected rows; NULL: NAME.batchN.rejects.csv here */
	int64_t amends;			/* batch whose rejects this file mends; 0: none */
	bool strict;			/* a row that would have to be mended is rejected */
	/* Fields that the file has no column for, "FIELD=VALUE", for all its rows. */
	const char *const *given;
	size_t given_count;
	int64_t wait;			/* seconds for another run that holds the store; 0: none, -1: as long as it takes */
	bool dry_run;
};
/* Stages a file as a batch and prints its receipt. PEN_FINDINGS if rows were
 * rejected or held. A file that is in already changes nothing and prints its
 * batch's receipt (PEN_USAGE if it was read under other declarations); one that was
 * interrupted goes on where it was. */
PEN_API enum pen_status pen_stage(struct pen_session *session, const struct pen_stage_options *options,
    struct pen_printer *printer, struct pen_error *error);

/* Batches are named as "4", "1-4", "1,3-5". */
PEN_API enum pen_status pen_confirm(struct pen_session *session, const char *batches,
    const struct pen_expectation *expect, bool dry_run, struct pen_printer *printer, struct pen_error *error);
PEN_API enum pen_status pen_discard(struct pen_session *session, const char *batches, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);
/* Held folios: looked at again and admitted, or turned down for a reason. What the
 * levy holds comes in when it is covered, by no decision; what waits for a review
 * (R8.1) by the decision of a lead who had no hand in it, with a reason. */
PEN_API enum pen_status pen_release(struct pen_session *session, const char *folios, const char *reason, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);
PEN_API enum pen_status pen_release_reject(struct pen_session *session, const char *folios,
    const char *reason, bool dry_run, struct pen_printer *printer, struct pen_error *error);
PEN_API enum pen_status pen_batches_list(struct pen_session *session,
    struct pen_printer *printer, struct pen_error *error);
/* A batch: its receipt, with its folios; or one batch's rows, to be compared; or the
 * lines that were rejected and are not mended yet; or what was mended on the way in. */
enum pen_show { PEN_SHOW_FOLIOS, PEN_SHOW_ROWS, PEN_SHOW_REJECTS, PEN_SHOW_REPAIRS };
PEN_API enum pen_status pen_batches_show(struct pen_session *session, const char *batches, enum pen_show what,
    struct pen_printer *printer, struct pen_error *error);
/* Everything that is held, of all batches: why, since when, and whom it is about. */
PEN_API enum pen_status pen_held_list(struct pen_session *session,
    struct pen_printer *printer, struct pen_error *error);
/* The forms that can be brought in, and one form's Table Schema. No store needed. */
PEN_API enum pen_status pen_forms_list(struct pen_printer *printer, struct pen_error *error);
PEN_API enum pen_status pen_forms_schema(const char *form, struct pen_printer *printer, struct pen_error *error);

/* ------------------------------------------------------ sign and seal -- */

struct pen_acknowledge_options {
	const char *batch;
	const char *from;		/* CSV of answers (form `answers`); or */
	const char *employer, *answer;	/* one credit code, "agreed" or "objected" */
	const char *document;		/* the paper, kept in the store; required */
	bool dry_run;
};
/* Which employers agreed to the detail they were given (R4.2.3). */
PEN_API enum pen_status pen_acknowledge(struct pen_session *session,
    const struct pen_acknowledge_options *options, struct pen_printer *printer, struct pen_error *error);
/* Signs every folio of the batches that is ready, in the role that the form asks
 * for next and the session's staff holds; says what is left. */
PEN_API enum pen_status pen_sign(struct pen_session *session, const char *batches, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);
/* Seals what is fully signed and still holds; says what is left. */
PEN_API enum pen_status pen_close(struct pen_session *session, const char *batches, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);
PEN_API enum pen_status pen_seal_list(struct pen_session *session,
    struct pen_printer *printer, struct pen_error *error);
PEN_API enum pen_status pen_seal_show(struct pen_session *session, const char *batches,
    struct pen_printer *printer, struct pen_error *error);
/* A signed checkpoint of the journal, as a note. log_key: PEM file of the
 * store's log key; NULL: $XDG_CONFIG_HOME/pen/log-AGENCY.pem. */
PEN_API enum pen_status pen_checkpoint(struct pen_session *session, const char *log_key,
    struct pen_printer *printer, struct pen_error *error);
/* Prints a checkpoint (a file) with the cosignature of whoever acts added, after
 * looking that the journal had that root at that size. PEN_INTEGRITY if not, or if
 * the log's signature does not hold; PEN_REFUSED for one that is older than another
 * that this person cosigned. Cosigned already: printed as it is. */
PEN_API enum pen_status pen_cosign(struct pen_session *session, const char *path,
    struct pen_printer *printer, struct pen_error *error);
/* Writes seals, signatures, public keys and leaves of batches to a directory,
 * for a stranger to check by pen-seal(5). */
PEN_API enum pen_status pen_export(struct pen_session *session, const char *batches, const char *directory,
    struct pen_printer *printer, struct pen_error *error);

/* Which rows are to be proven: somebody's contributions of a year, or somebody's (or an
 * employer's) rows in a folio. */
struct pen_prove_options {
	const char *person;		/* citizen id */
	const char *employer;		/* credit code: of a year, at this employer alone; of a folio, its subject */
	int32_t year;			/* 0: not by year */
	int64_t folio, line;		/* 0: not by folio; every line */
	const char *checkpoint;		/* file with a checkpoint of this store that the proof ends in; NULL: one is made */
	const char *log_key;		/* for the one that is made: as in pen_checkpoint */
};
/* Writes one file by which the rows can be proven where there is no store: their leaves,
 * the row that says whose they are, paths, seals, the entries that signed them and by
 * which the signers had key and role, the signers' keys, and a checkpoint (pen-seal(5)).
 * The format does not matter. PEN_REFUSED for what is not sealed (R4.2.3), and on a copy
 * without a checkpoint. */
PEN_API enum pen_status pen_prove(struct pen_session *session, const struct pen_prove_options *options,
    struct pen_printer *printer, struct pen_error *error);

/* ------------------------------------------------------------ accounts -- */

/* Settles a year for everybody whose contributions of it are sealed, and the
 * opening balance that they start from too, by the month-product method; says who
 * is left, also for an earlier year that has to be settled again first. Safe to
 * run again. */
PEN_API enum pen_status pen_settle(struct pen_session *session, int32_t year, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);

/* An account to be closed: the person's citizen id, why (death, emigration), the day
 * (yyyymmdd) on which it happened, and which paper says so. */
struct pen_close_out { const char *person, *reason, *note; int32_t on; bool dry_run; };
/* Closes it: interest to the end of that month, all of it paid out (社会保险法 art. 14, 人社部
 * 令第13号 art. 6). A batch that counts when it is signed by operator and lead and sealed;
 * whoever is settled later is passed over. PEN_REFUSED (R4.2): what stood before is not
 * settled or not sealed, something is paid for a month after it, it is closed already, or
 * the person draws a pension. */
PEN_API enum pen_status pen_close_out(struct pen_session *session, const struct pen_close_out *given,
    struct pen_printer *printer, struct pen_error *error);
/* Two accounts of one person: the citizen id under which one ends, that of the other, and
 * which paper says that they are one. */
struct pen_merge_options { const char *person, *into, *note; bool dry_run; };
/* Makes them one: what stood on the one at the end of the newest settled year goes over to
 * the other at the turn of the year, part by part. A batch that counts when it is signed by
 * operator and lead and sealed. PEN_REFUSED (R4.2): they are not shown to be one person, are
 * settled up to different years or not as it will stay, something was paid since, an account
 * is closed already, or one of them draws a pension. */
PEN_API enum pen_status pen_merge(struct pen_session *session, const struct pen_merge_options *given,
    struct pen_printer *printer, struct pen_error *error);
/* A person's account, year by year, every step of the arithmetic. */
PEN_API enum pen_status pen_holdings_show(struct pen_session *session, const char *person, const char *as_of,
    struct pen_printer *printer, struct pen_error *error);

/* ------------------------------------------------------------ benefits -- */

/* The pension of somebody who retires (R4.3.1b), an operator's act: from sealed records, by
 * the parameters in force, with a trace of every input, parameter, formula and rounding.
 * Written as a batch of form assessment with the operator's signature; a lead approves it,
 * of an exception in principle the head too. PEN_REFUSED: retire.age (with the first month
 * in which they may), retire.months, retire.category, career.*, account.*,
 * parameter.missing, assess.waiting, assess.same, assess.form.
 * Somebody alone who is refused with retire.months is printed all the same: with what the
 * law leaves open (人社部令第13号), as records. With what_if nothing is written: the
 * figures and their trace are printed, and of somebody short of months the same. `set`
 * then states figures instead of those of the store ("index=0.84"): index, paid-months,
 * deemed-months, balance, age-months, extra, indexed-wage, transitional-wage, and the base
 * (yuan a month) that is paid on from; with enough of them no person is needed. */
struct pen_assess_options {
	const char *person;		/* citizen id; NULL: of the list, or of nobody */
	int32_t retired_on;		/* day of the formalities; the pension is from the month after it */
	const char *route;		/* statutory (NULL), early, late, special-trade, exception */
	const char *category;		/* male60, female55, female50; NULL: by the registration */
	const char *index;		/* of the transitional pension, such as 0.8415; NULL: none told */
	int64_t extra_fen;		/* a local addition that a paper grants */
	const char *reason, *paper;	/* of an exception; paper: a file that is kept */
	const char *list;		/* CSV of form retirement-application; NULL: none */
	const char *const *set;
	size_t sets;
	bool what_if, dry_run;
};
PEN_API enum pen_status pen_assess(struct pen_session *session, const struct pen_assess_options *options,
    struct pen_printer *printer, struct pen_error *error);

/* Who reaches the age of retirement in a month ("2026-12"), by the statutory route: when,
 * by which category, the months that are paid for and those that are missing, the pension
 * as far as it can be worked out yet, and whether they are assessed already. As CSV it is
 * a list that pen_assess takes. Entered as a read (R7.5). PEN_USAGE: assess.due. */
PEN_API enum pen_status pen_due(struct pen_session *session, const char *month, struct pen_printer *printer,
    struct pen_error *error);

/* Somebody's newest assessment as of an index or a date (NULL: now): its figures, who signed
 * it, and every step of the arithmetic from the trace that was kept with it, each with the
 * record or the source that it rests on. Entered as a read (R7.5). PEN_USAGE: assess.none. */
PEN_API enum pen_status pen_assessment_show(struct pen_session *session, const char *person, const char *as_of,
    struct pen_printer *printer, struct pen_error *error);

/* Signs batches of benefits ("4", "4-6": of forms assessment, roll, adjustment, …) in the
 * role whose turn it is, and seals each after its last signature: what is not sealed has no
 * effect (R4.3.1). PEN_FINDINGS: another signature is due. PEN_REFUSED: approve.done,
 * approve.role, approve.own (R8.1: nobody approves what they entered). */
PEN_API enum pen_status pen_benefit_approve(struct pen_session *session, const char *batches, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);

/* The roll of a month ("2026-11", R4.3.1d), an operator's act: for everybody what is due
 * for all months up to it by what is sealed, less what was paid; reconciled in people and
 * fen with the roll before. Written as a batch of form roll, with the operator's
 * signature; a lead approves it. The month that has its roll: nothing is changed.
 * PEN_REFUSED: roll.ahead, roll.order (a month was left out), roll.open (the roll before is
 * not sealed), roll.none, roll.base, roll.balance. PEN_FINDINGS: somebody was left out,
 * whose record does not say the pension. */
PEN_API enum pen_status pen_month_run(struct pen_session *session, const char *month, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);

/* A decision about somebody's benefit, an operator's act that a lead approves: it counts
 * once it is sealed (R4.3.1d). kind: "stop", "resume", "end"; or of what was overpaid
 * "recover" (at most so much is kept back a month) and "repaid" (so much was handed back).
 * A death gives funeral and consolation, which the next roll pays.
 * PEN_REFUSED: benefit.none, benefit.stopped, benefit.paid, benefit.waiting, benefit.owed,
 * benefit.months; what the parameters lack. */
struct pen_benefit_change_options {
	const char *kind;
	const char *person;		/* citizen id */
	const char *reason;		/* death, qualification-overdue, prison, … */
	const char *month;		/* YYYY-MM; NULL: what follows from the rest */
	int32_t on;			/* day of the death, of the proof; 0: not told */
	int64_t amount_fen;		/* -1: none */
	const char *note;		/* UTF-8, one line; NULL: none */
	const char *paper;		/* file, kept in the store; NULL: none */
	bool dry_run;
};
PEN_API enum pen_status pen_benefit_change(struct pen_session *session, const struct pen_benefit_change_options *options,
    struct pen_printer *printer, struct pen_error *error);

/* The file for the bank of a month whose roll is sealed: a line for everybody to whom
 * something is paid. That it went out is entered. PEN_REFUSED: pay.none, pay.open. */
PEN_API enum pen_status pen_pay_file(struct pen_session *session, const char *month, struct pen_printer *printer,
    struct pen_error *error);
/* What the bank says to it (CSV, form bank-return): all of it or nothing. What failed is due
 * again with the next roll, once a lead approved this. PEN_REFUSED, with the line:
 * return.unknown, return.amount, return.day, return.repeated, return.twice. */
PEN_API enum pen_status pen_pay_return(struct pen_session *session, const char *path, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);
/* All that somebody's benefit went through, month by month: rows of rolls, decisions, what
 * the bank said. as_of: journal index or date; NULL: now. */
PEN_API enum pen_status pen_pay_history(struct pen_session *session, const char *person, const char *as_of,
    struct pen_printer *printer, struct pen_error *error);

/* A scheme of adjustment (a file, pen-scheme(5)) applied to everybody who retired in time
 * (R4.3.1d), a lead's act: each part of the increase in fen, by what is sealed. Written as
 * a batch of form adjustment, with the lead's signature; the head approves it. Whoever has
 * that increase already is passed over, and a scheme that waits for its signatures is
 * shown: nothing is changed. PEN_INPUT: scheme.key, scheme.value, scheme.bands,
 * scheme.range. PEN_REFUSED: adjust.area. PEN_FINDINGS: somebody was left out, of whom
 * something is not known that the scheme goes by. */
PEN_API enum pen_status pen_adjust(struct pen_session *session, const char *path, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);

/* ------------------------------------------------------------- reports -- */

struct pen_report_options {
	const char *name;		/* breakdown, statement-detail */
	int32_t year;
	const char *employer;		/* credit code; NULL: all */
	const char *as_of;		/* journal index or date; NULL: now */
};
PEN_API enum pen_status pen_report(struct pen_session *session, const struct pen_report_options *options,
    struct pen_printer *printer, struct pen_error *error);
/* 个人账户对账单 of one person. Refused for a folio that is not sealed, and for a year
 * that is not settled, or that an earlier one has changed since (R4.2.3). */
PEN_API enum pen_status pen_statement(struct pen_session *session, int32_t year, const char *person,
    const char *as_of, struct pen_printer *printer, struct pen_error *error);

/* What a case asks for is entered (R5.3.1): in one transaction the old values are
 * compared with those approved, new versions written, the accounts that follow from
 * them settled again, the rules run and all of it signed. PEN_REFUSED, R5.3.1 (R4.2.3 of
 * an objection): amend.state, amend.people, amend.expired, amend.moved, amend.unsealed,
 * amend.rule; the case is as it was. Killed in between it is unsealed still, and the same
 * call completes it. Prints what it comes to for each person, in fen. */
PEN_API enum pen_status pen_apply_case(struct pen_session *session, int64_t id, bool dry_run, struct pen_printer *printer,
    struct pen_error *error);
/* The lead checks what was entered against the application, field by field, which is
 * printed, and signs (R5.3.2). PEN_INTEGRITY, amend.differs: something is otherwise. */
PEN_API enum pen_status pen_check_case(struct pen_session *session, int64_t id, bool dry_run, struct pen_printer *printer,
    struct pen_error *error);
/* The new versions are sealed, and the case is closed. */
PEN_API enum pen_status pen_close_case(struct pen_session *session, int64_t id, bool dry_run, struct pen_printer *printer,
    struct pen_error *error);

/* 业务数据修改日志表 of a month (R5.3.3): each field that was changed, its old and new
 * value, who asked, approved, opened, entered and checked it, and by digest the papers.
 * Printed as it stands now, that it was printed is entered (report.amendment-log). */
struct pen_amendment_log_options {
	const char *month;		/* YYYY-MM: of the local day of the change */
	const char *agency;		/* of one area, six digits; NULL: of all, summed by area */
	const char *as_of;		/* journal index or date; NULL: now */
};
PEN_API enum pen_status pen_amendment_log(struct pen_session *session, const struct pen_amendment_log_options *options,
    struct pen_printer *printer, struct pen_error *error);

/* The regulation's lists of people. A month's list is of those whom forms brought in
 * that were confirmed within it, by the local day, for the review by the lead. */
struct pen_list_options {
	const char *employer;		/* credit code; NULL: all */
	const char *month;		/* YYYY-MM; NULL: everybody there is */
	const char *as_of;		/* journal index or date; NULL: now */
};
/* 参保单位职工基本情况表; of a month 新增参保人员基本情况表 (R4.1.3). */
PEN_API enum pen_status pen_roster(struct pen_session *session, const struct pen_list_options *options,
    struct pen_printer *printer, struct pen_error *error);
/* 养老待遇发放表 of a month, with totals by employer and by item (R4.3.1d). */
PEN_API enum pen_status pen_rollsheet(struct pen_session *session, const struct pen_list_options *options,
    struct pen_printer *printer, struct pen_error *error);
/* 参保单位退休人员基本情况表; of a month 新增退休人员基本情况表 (R4.3.3). What the paper did not
 * tell is null. */
PEN_API enum pen_status pen_retirees(struct pen_session *session, const struct pen_list_options *options,
    struct pen_printer *printer, struct pen_error *error);

/* ---------------------------------------------------------- amendments -- */

/* What a case asks for (R5.1). Texts are UTF-8. Either one record, pointed at by
 * person or employer, year, kind and, where that is not enough, folio and line, with
 * what is to be set; or many, in a file. Values are as in a file of the record's form:
 * amounts in yuan ("6500.00"), dates ISO 8601. */
struct pen_request_options {
	const char *form;		/* "change" or "rebuild-account"; of a revision NULL */
	const char *person;		/* citizen id; NULL: an employer's record */
	const char *employer;		/* credit code; NULL: whichever has the row */
	int32_t year;			/* 0: not told */
	const char *kind;		/* breakdown, registration, employer, opening, retirement; NULL: by the rest */
	int64_t folio, line;		/* 0: not told */
	const char *const *set;		/* "field=value", by the form's titles, keys or indicator codes */
	size_t sets;
	const char *from;		/* CSV (form application), or JSON where it ends in .json */
	const char *reason;		/* required, on one line */
	const char *original;		/* file: papers of the original entry; required, kept in the store */
	const char *evidence;		/* file: papers of the new data; required, kept in the store */
	bool dry_run;
};
/* Asks for a change: an operator's act, for the agency that they belong to. The change is made on
 * trial and taken back, and printed with what it comes to for each person, in fen. PEN_REFUSED,
 * with clause and next step: a paper is missing, a key, a row that does not stand or is
 * claimed by an open case, a value that a rule refuses; the attempt is entered. */
PEN_API enum pen_status pen_request(struct pen_session *session, const struct pen_request_options *options,
    struct pen_printer *printer, struct pen_error *error);
/* Hands a case that was returned in again, all of it anew, by whoever asked for it. */
PEN_API enum pen_status pen_request_revise(struct pen_session *session, int64_t id, const struct pen_request_options *options,
    struct pen_printer *printer, struct pen_error *error);

/* An objection against a statement that was handed out (R4.2.3): `issue` names it, or (0)
 * person or employer and the year the newest. In time, and about what it said, it becomes
 * a case of form objection, with papers and trial as of a request. PEN_REFUSED:
 * objection.late names the last day and the way that is left, objection.none,
 * objection.beyond; the attempt is entered. */
PEN_API enum pen_status pen_object(struct pen_session *session, const struct pen_request_options *options, int64_t issue,
    struct pen_printer *printer, struct pen_error *error);

/* Decisions on a case (R5.2; of an objection R4.2.3), each in the role whose turn it is:
 * PEN_REFUSED names where the case stands and what comes next, or whose part somebody
 * has in it already. A reason is required, on one line. */
PEN_API enum pen_status pen_decide_approve(struct pen_session *session, int64_t id, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);
/* Back to whoever asked. */
PEN_API enum pen_status pen_decide_return(struct pen_session *session, int64_t id, const char *reason, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);
PEN_API enum pen_status pen_decide_reject(struct pen_session *session, int64_t id, const char *reason, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);
/* By whoever asked, before the data are unsealed. */
PEN_API enum pen_status pen_decide_withdraw(struct pen_session *session, int64_t id, const char *reason, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);
/* Opens what the case names, once, for so many seconds or until a local day is over
 * (yyyymmdd); both 0: for a day. At most 31 days. */
PEN_API enum pen_status pen_decide_unseal(struct pen_session *session, int64_t id, int64_t seconds, int32_t until, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);

/* Cases, by number: state and form NULL: all. A case whose time is over is shown as
 * expired; the next act on it enters that. */
PEN_API enum pen_status pen_casebook_list(struct pen_session *session, const char *state, const char *form,
    struct pen_printer *printer, struct pen_error *error);
/* One case: its steps, and what it asks for, field by field. */
PEN_API enum pen_status pen_casebook_show(struct pen_session *session, int64_t id, struct pen_printer *printer,
    struct pen_error *error);
/* Its papers as they were handed in: "original", "evidence"; or "application", the text
 * that its signatures stand for. Bytes as they are. */
PEN_API enum pen_status pen_casebook_paper(struct pen_session *session, int64_t id, const char *which,
    struct pen_printer *printer, struct pen_error *error);
/* An empty application, a line for each field that can be amended; where a record is
 * pointed at (as in a request), with the values that stand. */
PEN_API enum pen_status pen_template(struct pen_session *session, const struct pen_request_options *options,
    struct pen_printer *printer, struct pen_error *error);

/* The objections against statements (R4.2.3): what became of each and why, and the attempts
 * that were refused, such as those that came too late. */
PEN_API enum pen_status pen_objections(struct pen_session *session, const char *as_of, struct pen_printer *printer,
    struct pen_error *error);

/* ------------------------------------------------------- running logs -- */

/* An entry of a running log, or (network) many. It is signed by whoever acts, for
 * their own agency, and never changed: `corrects` names one in whose place a further
 * one stands. The very entry that stands already changes nothing. Texts are UTF-8, on
 * one line, at most 4000 bytes; what the kind does not have is not looked at. */
struct pen_logging_options {
	int32_t on;			/* the day that it is about, not ahead; 0: today, or that of what it corrects */
	int64_t corrects;		/* 0: none */
	const char *note;		/* NULL: none, as with all texts that need not be */
	const char *document;		/* file, kept in the store */
	bool dry_run;
	/* network (R6.1), all required; or a CSV file of form network-log instead */
	const char *ports, *servers, *equipment, *faults;
	const char *from;
	/* incident (R7.3): found and measures, and whom it was reported to where access
	 * was cut; one that goes on with another (follows): measures or cleared. */
	const char *found, *measures, *reported_to, *cleared;
	bool cut_off;
	int64_t follows;
	/* breach (R8.3): unit, 1 to 5 points, clause and found; until: its last day */
	const char *unit, *clause;
	int64_t points;
	int32_t until;
};
/* The netadmin's act: one entry a day. PEN_REFUSED (R6.1): that day's says something
 * else, or a line of the file is answered for by somebody else. */
PEN_API enum pen_status pen_logging_network(struct pen_session *session, const struct pen_logging_options *options,
    struct pen_printer *printer, struct pen_error *error);
/* The act of a dba, syslead, netadmin or head. */
PEN_API enum pen_status pen_logging_incident(struct pen_session *session, const struct pen_logging_options *options,
    struct pen_printer *printer, struct pen_error *error);
/* The act of a head or syslead. */
PEN_API enum pen_status pen_logging_breach(struct pen_session *session, const struct pen_logging_options *options,
    struct pen_printer *printer, struct pen_error *error);

/* Looks at the journal, at what acts wrote, at the staff's keys and at the file of the
 * store, and enters what was found as today's inspection (R7.1). The dba's act. As
 * pen_verify: PEN_INTEGRITY if something does not hold, PEN_INCOMPLETE if a check
 * could not be made; it is entered all the same. */
PEN_API enum pen_status pen_inspection_run(struct pen_session *session, const char *note, bool dry_run,
    struct pen_printer *printer, struct pen_error *error);

struct pen_logbook_options {
	const char *kind;		/* network, inspect, incident, breach; NULL: all */
	int32_t since, until;		/* days, inclusive; 0: open */
	const char *as_of;		/* journal index or date; NULL: now */
};
/* The entries, by day, with who signed them and when, and what corrects them. */
PEN_API enum pen_status pen_logbook_list(struct pen_session *session, const struct pen_logbook_options *options,
    struct pen_printer *printer, struct pen_error *error);

/* ------------------------------------------------------------- verify -- */

enum pen_verify_part { PEN_VERIFY_RULES = 1, PEN_VERIFY_SEALS = 2, PEN_VERIFY_JOURNAL = 4, PEN_VERIFY_STORE = 8,
	PEN_VERIFY_ALL = 15, PEN_VERIFY_REPLAY = 16 /* not among all: it costs what bringing everything in did */ };

struct pen_verify_options {
	unsigned parts;
	/* Findings about what was entered since alone: a journal index (from it on), a day
	 * (from its first entry on), else a file with a checkpoint kept outside (behind it),
	 * with which the journal is compared; NULL: all. */
	const char *since;
	const char *batches;		/* NULL: all */
	const char *rule;		/* rule ids with commas between; NULL: all */
	const char *classes;		/* "correctness,logic"; NULL: all */
	/* A credit code, or a citizen id of 18 or 15 characters: what is entered of that
	 * employer or person alone, without journal and database; NULL: all. */
	const char *employer, *person;
};
/* Reads all that is stored again and reports what does not hold (R2.2). PEN_FINDINGS:
 * rules broken; PEN_INTEGRITY: seals, signatures or the journal do not hold;
 * PEN_INCOMPLETE: a check could not be made; PEN_USAGE: there is no such rule, class,
 * batch, employer or person. */
PEN_API enum pen_status pen_verify(struct pen_session *session, const struct pen_verify_options *options,
    struct pen_printer *printer, struct pen_error *error);
/* Whether a proof holds: by the file, and the public keys in a directory (ID.pub,
 * ID.INDEX.pub, log-AGENCY.pub) that are trusted as their owners'. No store needed.
 * PEN_INPUT: no proof; PEN_INTEGRITY: it does not hold; PEN_INCOMPLETE: a key is not
 * there; PEN_USAGE: no such directory. */
PEN_API enum pen_status pen_verify_proof(const char *path, const char *keys,
    struct pen_printer *printer, struct pen_error *error);
/* Every rule, what it looks at and what to do, with an agency's own (PEN_RULES, else
 * those of the store in this directory; NULL: no store). PEN_INCOMPLETE: one of the
 * files cannot be used. */
PEN_API enum pen_status pen_catalogue(const char *store, struct pen_printer *printer, struct pen_error *error);

/* ------------------------------------------------------------- backup -- */

/* Where a snapshot's name goes, such as 20261123T081530Z-330100. */
#define PEN_SNAPSHOT_ROOM 32

/* Copies the store, signed by the session's staff, any of whom may do so (cron
 * does). Writers wait while the raw copy is made, readers do not. What is in the
 * repository already is read back, and written anew if it is damaged. snapshot
 * receives its name; NULL: not wanted. recipient: a certificate (file, PEM, RSA or P-256)
 * that the chunks are encrypted to; NULL: they are not, which is PEN_USAGE where those of
 * the newest snapshot are. */
PEN_API enum pen_status pen_backup_create(struct pen_session *session, const char *repository, const char *recipient,
    char snapshot[PEN_SNAPSHOT_ROOM], struct pen_printer *printer, struct pen_error *error);
/* The others need the repository alone. */
PEN_API enum pen_status pen_backup_list(const char *repository, struct pen_printer *printer, struct pen_error *error);
/* For monitoring: one line in Nagios's form, whatever the printer's. max_age in
 * seconds. PEN_FINDINGS: the newest is older, or there is none; PEN_INTEGRITY:
 * it cannot be read, or a chunk of it is gone. */
PEN_API enum pen_status pen_backup_check(const char *repository, int64_t max_age,
    struct pen_printer *printer, struct pen_error *error);
/* What is kept is the newest of each of the last so many days, weeks (from Monday) and
 * months that have a snapshot, by local dates, of each agency for itself; and the newest
 * that holds, whatever the numbers. */
struct pen_prune_options {
	int64_t daily, weekly, monthly;	/* 0: none of them */
	bool dry_run;			/* says what would go, and why the others stay */
	struct pen_session_options session;	/* only progress, stopped and context are used */
};
/* Removes the other snapshots, then the chunks that none names any more. A snapshot with
 * damaged chunks counts for none of this and stays. PEN_INTEGRITY: there is such a one, or
 * a manifest that cannot be read or is gone (nothing is removed then). */
PEN_API enum pen_status pen_prune(const char *repository, const struct pen_prune_options *options,
    struct pen_printer *printer, struct pen_error *error);
struct pen_restore_options {
	bool replace;			/* a store that is there is renamed, to directory.before-TIME */
	const char *identity;		/* file: the private key to what is encrypted, PEM; may be NULL */
	struct pen_session_options session;	/* only passphrase, progress, stopped and context are used */
};
/* To a directory that is not there yet, or, with replace, in the place of a store. snapshot
 * NULL or "latest": the newest. PEN_BUSY: the store that is there is at work. */
PEN_API enum pen_status pen_restore(const char *repository, const char *snapshot, const char *directory,
    const struct pen_restore_options *options, struct pen_printer *printer, struct pen_error *error);
struct pen_adopt_options {
	const char *reason;		/* the first says why, the second need not; UTF-8, one line */
	const char *checkpoint;		/* file: the newest that was kept of the store that is lost; NULL: none */
	bool dry_run;
};
/* Puts a restored store (a session with .restored) into service: the first of two people
 * signs, then the second, who says the same; one is dba, the other head or syslead
 * (R7.2). Until then it is a copy. PEN_REFUSED: nobody of these, or the same once more;
 * PEN_INTEGRITY: the journal is not that of the snapshot. */
PEN_API enum pen_status pen_adopt(struct pen_session *session, const struct pen_adopt_options *options,
    struct pen_printer *printer, struct pen_error *error);
/* Restores to scratch, and compares with the manifest and its signature, the
 * journal with its tree, the sealed rows with their roots. "all": every snapshot.
 * PEN_INTEGRITY names the first that does not hold. identity: as for pen_restore; without
 * it only the files of an encrypted snapshot are looked at, which is PEN_INCOMPLETE. */
PEN_API enum pen_status pen_restore_verify(const char *repository, const char *snapshot, const char *identity,
    const struct pen_session_options *options, struct pen_printer *printer, struct pen_error *error);

#ifdef __cplusplus
}
#endif

#endif
