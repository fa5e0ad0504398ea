/* The paragraphs of a seal's text as the leaves of a tree, by which a folio is shown
 * without the others that the seal covers. Every fourth level of it is kept. */
#ifndef PEN_STORE_PARAGRAPHS_H
#define PEN_STORE_PARAGRAPHS_H

#include "model/sealtext.h"
#include "store/store.h"

/* Keeps the nodes of a seal that is entered, in the caller's transaction. */
enum pen_status pen_paragraphs__keep(struct pen_store *store, int64_t seal, const char *text, struct pen_error *error);
/* The root over all paragraphs, hashed again; *same: the nodes kept are theirs. */
enum pen_status pen_paragraphs__compare(struct pen_store *store, int64_t seal, const char *text,
    char root[PEN_DIGEST_HEX], bool *same, struct pen_error *error);

/* A text to prove from: it stays the caller's, and as it is until _close. */
struct pen_paragraphs;
enum pen_status pen_paragraphs__open(struct pen_paragraphs **paragraphs, struct pen_store *store, int64_t seal,
    const char *text, struct pen_error *error);
void pen_paragraphs__close(struct pen_paragraphs *paragraphs);
/* A folio's paragraph (folio 0: the head), its number, and its way to the root, by the
 * kept nodes and the paragraphs of the subtrees below them. PEN_INTEGRITY if the text
 * has none, or a node is gone. */
enum pen_status pen_paragraphs__find(struct pen_paragraphs *paragraphs, int64_t folio, struct pen_sealtext_part *part,
    int64_t *number, struct pen_merkle_path *path, struct pen_error *error);
/* Where a paragraph's path leads: to the root that was signed, or text or nodes are
 * not those of the seal. */
enum pen_status pen_paragraphs__root(struct pen_paragraphs *paragraphs, int64_t number, const struct pen_merkle_path *path,
    char root[PEN_DIGEST_HEX], struct pen_error *error);

#endif
