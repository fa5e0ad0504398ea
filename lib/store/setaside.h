/* Which rows of a batch were set aside for somebody to look at when it was staged
 * (staging.h), so that verification puts the lines of the source where the staging
 * did: the folios of a batch for one employer and year are told apart by this. */
#ifndef PEN_STORE_SETASIDE_H
#define PEN_STORE_SETASIDE_H

#include "store/folio.h"

/* Rows of one person at one employer in one year, in whatever folios they are, are
 * numbered and laid one after the other: they are a chain, from 1 on. */
struct pen_setaside_row { int64_t line, folio, employer; int32_t period; size_t chain; };

struct pen_setaside;
enum pen_status pen_setaside__read(struct pen_setaside **set, struct pen_store *store, int64_t batch, struct pen_error *error);
void pen_setaside__free(struct pen_setaside *set);

/* True for a folio that was set aside, with or without rows. */
bool pen_setaside__has(const struct pen_setaside *set, int64_t folio);
/* Which folios, in id order, are looked at: their chains are wanted, with the rows
 * that lie in others. */
void pen_setaside__look_at(struct pen_setaside *set, const struct pen_folio *folios, size_t count);
/* Where a line was put; NULL: it was not set aside. */
const struct pen_setaside_row *pen_setaside__of(const struct pen_setaside *set, int64_t line);
bool pen_setaside__wanted(const struct pen_setaside *set, const struct pen_setaside_row *row);

#endif
