/* What of a batch is ready to be signed or sealed, and what is left and why:
 * signing and closing say it in the same words. */
#ifndef PEN_STORE_READY_H
#define PEN_STORE_READY_H

#include "model/form.h"
#include "model/printer.h"
#include "store/batch.h"
#include "store/cover.h"
#include "store/sealing.h"

/* Whether a folio is ready for its first signature. DONE: nothing is to be done
 * with it (sealed, in a seal already, or out of the game). */
enum pen_readiness { PEN_READY, PEN_READY_DONE, PEN_READY_LEFT };
struct pen_ready { enum pen_readiness is; char reason[256]; };	/* reason: of LEFT */
enum pen_status pen_ready__look(struct pen_store *store, struct pen_cover *cover, const struct pen_form *form,
    const struct pen_folio *folio, struct pen_ready *ready, struct pen_error *error);

/* What was done and what is left, gathered until it may be printed. */
struct pen_ready_note {
	int64_t batch, seal, folio;	/* 0: does not apply */
	int64_t folios;
	char outcome[16];		/* signed, closed, void; left */
	char role[16], employer[32], reason[512];
};
/* left counts the notes whose outcome is left or void; folios and amounts are
 * those of what was done. */
struct pen_ready_list { struct pen_ready_note *at; size_t count, room; int64_t done, left; };
enum pen_status pen_ready__note(struct pen_ready_list *list, const struct pen_ready_note *note, struct pen_error *error);
/* A folio that is left, with its employer's code and name in the reason. */
enum pen_status pen_ready__leave(struct pen_store *store, struct pen_ready_list *list,
    const struct pen_folio *folio, const char *reason, struct pen_error *error);
void pen_ready__print(const struct pen_ready_list *list, struct pen_printer *printer,
    const char *name, const char *title, bool dry_run, enum pen_status status);
void pen_ready__free(struct pen_ready_list *list);

#endif
