/* Things kept whole, by digest: sources, forms, rule sets, parameter tables,
 * papers. Chunks of a MiB, each packed as a gzip member. */
#ifndef PEN_STORE_BLOB_H
#define PEN_STORE_BLOB_H

#include "store/store.h"

/* Keeps bytes under their digest (in hex to `digest`); what is there already is
 * not kept twice. Inside the caller's transaction. */
enum pen_status pen_blob__keep(struct pen_store *store, const char *kind, const char *name,
    const void *bytes, size_t n, char digest[PEN_DIGEST_HEX], struct pen_error *error);

/* The same under a digest that pen_store__digest gave of these bytes. */
enum pen_status pen_blob__keep_as(struct pen_store *store, const char *kind, const char *name,
    const void *bytes, size_t n, const char *digest, struct pen_error *error);

/* The same for a stream whose digest the caller knows already: open, add …,
 * close, which enters it inside the caller's transaction. Adding packs, and leaves
 * the database alone, so that another thread can do it. */
struct pen_blob_writer;
enum pen_status pen_blob__open(struct pen_blob_writer **writer, struct pen_store *store,
    const char *kind, const char *name, const char *digest, struct pen_error *error);
enum pen_status pen_blob__add(struct pen_blob_writer *writer, const void *bytes, size_t n, struct pen_error *error);
enum pen_status pen_blob__close(struct pen_blob_writer *writer, struct pen_error *error);	/* frees it, also on failure */
void pen_blob__abandon(struct pen_blob_writer *writer);

/* What it is kept as, such as "paper answers.txt": the first name counts. "": it is not. */
#define PEN_BLOB_TITLE 320
enum pen_status pen_blob__title(struct pen_store *store, const char *digest, char title[PEN_BLOB_TITLE], struct pen_error *error);
bool pen_blob__has(struct pen_store *store, const char *digest);
/* Gives the bytes out a chunk at a time, and checks the digest at the end:
 * PEN_INTEGRITY if it is another. */
typedef enum pen_status pen_blob_chunk(void *context, const char *bytes, size_t n, struct pen_error *error);
enum pen_status pen_blob__read(struct pen_store *store, const char *digest, pen_blob_chunk *chunk,
    void *context, struct pen_error *error);
/* The whole of a small one, NUL-terminated; free with pen_memory__free. */
enum pen_status pen_blob__load(struct pen_store *store, const char *digest, char **bytes, size_t *n,
    struct pen_error *error);

#endif
