/* A file looked at from its first byte to its last before anything is read of it:
 * whether it is text that can be read, and in what encoding. */
#ifndef PEN_MODEL_SURVEY_H
#define PEN_MODEL_SURVEY_H

#include "adapter/charset.h"

/* More NUL bytes than this in one place within a text are no slip: what stood
 * there is lost, and the file is refused. At the end of a file any number of NUL
 * and 0x1A bytes is padding. */
#define PEN_SURVEY_HOLE 4096

struct pen_survey;
enum pen_status pen_survey__open(struct pen_survey **survey, struct pen_error *error);
/* The next n bytes, in pieces of any size; no memory grows with them. PEN_INPUT
 * ("file.kind") as soon as the first bytes are those of a workbook, an archive, a
 * PDF, a web page, XML: it says what they are, and what to do. */
enum pen_status pen_survey__look(struct pen_survey *survey, const char *bytes, size_t n, struct pen_error *error);
/* Asked once, at the end. UTF-16 is known by its byte order mark alone, and
 * refused with the line where a surrogate stands alone or the last character is
 * cut ("charset.utf16"). Of all else, NUL bytes may be 1 in 64 within the text,
 * and no hole ("charset.binary"); for the rest see pen_charset__decide. */
enum pen_status pen_survey__decide(struct pen_survey *survey, enum pen_encoding *encoding, struct pen_error *error);
void pen_survey__close(struct pen_survey *survey);

#endif
