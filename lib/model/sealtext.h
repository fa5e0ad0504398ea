/* The text of a seal (pen-seal(5)): a head, then a paragraph for each folio,
 * "key: value" lines in a fixed order, paragraphs parted by an empty line; "-" where
 * there is no value, money in yuan, control characters and '%' as %XX. Every role
 * signs these bytes. */
#ifndef PEN_MODEL_SEALTEXT_H
#define PEN_MODEL_SEALTEXT_H

#include "base/text.h"
#include "model/merkle.h"

struct pen_sealtext_head {
	int64_t seal, batch;
	enum pen_suite suite;
	const char *agency, *form, *title;
	const char *file_name, *file_digest, *form_digest, *rules_digest, *parameters_digest;
	const char *previous;		/* digest of the text of the seal before, or NULL */
	int roles; const char *const *role;
	int64_t folios;
	const char *root;		/* over the folios' roots, in order, as leaves */
};
struct pen_sealtext_folio {
	int64_t folio, number, rows;
	int32_t period;
	const char *employer;		/* credit code, NULL: none */
	int64_t unit_fen, personal_fen, amount_fen;
	const char *agreed_on, *document;	/* NULL: the form asks for no agreement */
	const char *root;
};

void pen_sealtext__head(const struct pen_sealtext_head *head, struct pen_text *text);
void pen_sealtext__folio(const struct pen_sealtext_folio *folio, struct pen_text *text);
/* The first line in which two texts differ, for a finding: its number (from 1)
 * and both lines cut to 120 bytes; 0 if they are equal. */
long pen_sealtext__differ(const char *a, const char *b, char found[121], char expected[121]);

/* A paragraph: its lines with their LFs, without the empty line before it. */
struct pen_sealtext_part { const char *s; size_t n; };
/* Takes the next one off a text, the head first; false at the end. */
bool pen_sealtext__next(const char **text, struct pen_sealtext_part *part);
/* What stands behind a key in a paragraph, as it is written; false if there is no
 * such line, or it does not fit. */
bool pen_sealtext__value(const struct pen_sealtext_part *part, const char *key, char *out, size_t room);
bool pen_sealtext__integer(const struct pen_sealtext_part *part, const char *key, int64_t *out);
/* The root over the paragraphs as leaves, in order: by it a folio's paragraph is
 * shown without those of the others. False: no memory. */
bool pen_sealtext__paragraphs(enum pen_suite suite, const char *text, char root[PEN_DIGEST_HEX]);

#endif
