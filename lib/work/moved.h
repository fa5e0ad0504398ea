/* A few movements of accounts, printed as a table. */
#ifndef PEN_WORK_MOVED_H
#define PEN_WORK_MOVED_H

#include "model/printer.h"
#include "store/ledger.h"

/* A form of its own: name, title, what stands above and below. */
struct pen_moved { const char *name, *title; struct pen_items head, summary; };
void pen_moved__print(const struct pen_moved *moved, const struct pen_row *rows, int count, struct pen_printer *printer);

#endif
