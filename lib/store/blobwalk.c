#include "store/blobwalk.h"

#include "base/error.h"
#include "store/blob.h"

#define BLOBS 50	/* looked up at a time, as the statement's LIMIT says */

struct blob { char digest[PEN_DIGEST_HEX], kind[32], name[256]; };

static enum pen_status read_blobs(struct pen_walk *walk, const char *after, struct blob blobs[BLOBS], size_t *count,
    struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(walk->session->store, PEN_SQL_BLOBWALK_NEXT, &statement, error);
	struct blob *blob;
	bool row;

	if (status != PEN_OK)
		return status;
	*count = 0;
	pen_db__bind_text(statement, ":after", after);
	while (*count < BLOBS && (status = pen_db__step(statement, &row, error)) == PEN_OK && row) {
		blob = &blobs[(*count)++];
		snprintf(blob->digest, sizeof(blob->digest), "%s", pen_db__text(statement, 0));
		snprintf(blob->kind, sizeof(blob->kind), "%s", pen_db__text(statement, 1));
		snprintf(blob->name, sizeof(blob->name), "%s", pen_db__text(statement, 2));
	}
	pen_db__reset(statement);
	return status;
}

/* Reading checks the digest; the bytes themselves are not wanted. */
static enum pen_status pass_over(void *context, const char *bytes, size_t n, struct pen_error *error)
{
	(void)context;
	(void)bytes;
	(void)n;
	(void)error;
	return PEN_OK;
}

enum pen_status pen_blobwalk__run(struct pen_walk *walk, struct pen_error *error)
{
	struct blob blobs[BLOBS];
	char after[PEN_DIGEST_HEX] = "", record[320];
	enum pen_status status;
	size_t count, i;

	do {
		status = read_blobs(walk, after, blobs, &count, error);
		for (i = 0; i < count && status == PEN_OK; i++) {
			snprintf(record, sizeof(record), "%s %s", blobs[i].kind, blobs[i].name);
			status = pen_blob__read(walk->session->store, blobs[i].digest, pass_over, NULL, error);
			status = pen_walk__damage(walk, status, "blob.digest", 0, record, error);
			walk->blobs++;
			snprintf(after, sizeof(after), "%s", blobs[i].digest);
		}
		if (status == PEN_OK)
			status = pen_walk__go_on(walk, _("what is kept whole"), walk->blobs, -1, error);
	} while (status == PEN_OK && count == BLOBS);
	return status;
}
