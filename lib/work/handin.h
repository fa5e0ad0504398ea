/* Handing an application in: the case that it becomes, and its receipt. */
#ifndef PEN_WORK_HANDIN_H
#define PEN_WORK_HANDIN_H

#include "model/printer.h"
#include "work/asking.h"

/* Enters the case, or a further revision of it, with papers and application, in one
 * transaction; pen_asking__read and __try came before. Start *entered as {0}, or as
 * pen_casework__begin left it where one is revised; free it. With the options' dry_run
 * all is done but the commit. */
enum pen_status pen_handin__enter(struct pen_asking *asking, struct pen_case *entered, struct pen_error *error);
/* The receipt, for people and programs: the case, and for each person what it comes to,
 * before, after and the difference in fen. */
enum pen_status pen_handin__print(const struct pen_asking *asking, const struct pen_case *entered, struct pen_printer *printer,
    struct pen_error *error);
/* What the rules find that they did not find before, where that is why it was refused
 * (amend.rule); prints nothing otherwise. */
void pen_handin__print_findings(const struct pen_trial *trial, struct pen_printer *printer, enum pen_status status);

#endif
