/* A session from the inside: who acts, with which key; entries and refusals. */
#ifndef PEN_STORE_SESSION_H
#define PEN_STORE_SESSION_H

#include "store/journal.h"
#include "store/settings.h"
#include "store/staff.h"

struct pen_session {
	struct pen_store *store;
	struct pen_staff staff;		/* id "" on a copy without one */
	struct pen_key *key;		/* NULL on a copy */
	char terminal[65];		/* this machine, hashed id */
	/* An act that the door shut out, entered as an attempt at the end. */
	struct pen_error shut_out;
	char shut_out_act[40], shut_out_subject[80];
	struct pen_session_options options;
};

/* Enters an act in the open transaction, if the door is open to it (R7.3, R7.4).
 * `body` as pen_entry wants it, or NULL. at may be NULL. On a copy nothing is
 * written, and *at is -1. */
enum pen_status pen_session__act(struct pen_session *session, const char *act, const char *subject,
    const char *body, bool changes, int64_t *at, struct pen_error *error);
/* The same in a transaction of its own: for reads (R7.5), begun and ended. */
enum pen_status pen_session__note(struct pen_session *session, const char *act, const char *subject,
    const char *body, struct pen_error *error);

/* The staff must hold one of the roles (a list ending in NULL) now, for that
 * agency (NULL: the store's own). Else PEN_REFUSED with the clause, and the
 * attempt is entered in a transaction of its own: call it outside of one. */
enum pen_status pen_session__require(struct pen_session *session, const char *const *roles,
    const char *agency, const char *clause, const char *act, struct pen_error *error);
/* Enters a refusal that a flow has decided on (error is filled); returns
 * error->status. Outside of a transaction. */
enum pen_status pen_session__refused(struct pen_session *session, const char *act, const char *subject,
    struct pen_error *error);
/* The same where an act stopped, PEN_INTEGRITY, at what was changed behind the
 * tools' back: it was refused under a clause, and stands in the journal as that. */
enum pen_status pen_session__stopped_short(struct pen_session *session, const char *act, const char *subject,
    const char *clause, struct pen_error *error);
/* PEN_REFUSED on a copy: nothing can be changed there. */
enum pen_status pen_session__writable(struct pen_session *session, struct pen_error *error);

/* Holds the store (pen_store__hold) for whoever acts. `wait` is how many seconds to
 * wait for another run: 0 not at all, -1 as long as it takes. PEN_BUSY names the
 * holder; PEN_INCOMPLETE: stopped while it waited. */
enum pen_status pen_session__hold(struct pen_session *session, const char *what, int64_t wait, struct pen_error *error);

bool pen_session__stopped(struct pen_session *session);
void pen_session__progress(struct pen_session *session, const char *step, int64_t done, int64_t total);

/* This machine: the digest of "pen-terminal/" and its id (/etc/machine-id; without
 * one, its host name). */
enum pen_status pen_session__terminal(struct pen_store *store, char out[PEN_DIGEST_HEX], struct pen_error *error);

/* The directory for keys: `given`, else $XDG_CONFIG_HOME/pen, else ~/.config/pen;
 * and a file in it. */
enum pen_status pen_session__key_path(const char *given, const char *file, char *out, size_t room, struct pen_error *error);

#endif
