/* The file of a delivery: read several times, and each time the same bytes. */
#ifndef PEN_STORE_SOURCE_H
#define PEN_STORE_SOURCE_H

#include "adapter/charset.h"
#include "base/file.h"
#include "store/store.h"

/* A file in gzip is opened as it is read: digest, size, encoding and name are those
 * of what is in it, so that a delivery is the same one packed and unpacked. */
struct pen_source {
	struct pen_file *file;
	bool packed;
	struct pen_store *store;
	char path[256], name[256];	/* as given; its last component */
	char digest[PEN_DIGEST_HEX];
	int64_t bytes;
	enum pen_encoding encoding;
};

/* Opens and reads it once: digest, size, encoding. PEN_INPUT if it is empty, no
 * text that can be read (model/survey), a directory, damaged, or not there. */
enum pen_status pen_source__open(struct pen_source *source, struct pen_store *store, const char *path, struct pen_error *error);
void pen_source__close(struct pen_source *source);

/* All its bytes again, from the first on. PEN_INPUT if they are not those of the
 * digest any more. */
typedef enum pen_status pen_source_sink(void *context, const char *bytes, size_t n, struct pen_error *error);
enum pen_status pen_source__walk(struct pen_source *source, pen_source_sink *sink, void *context, struct pen_error *error);

/* Keeps it in the store, inside the caller's transaction. */
enum pen_status pen_source__keep(struct pen_source *source, struct pen_error *error);

#endif
