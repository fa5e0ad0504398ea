#include "store/blobwalk.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/blob.h"

#include <string.h>

#define BLOBS 50	/* looked up at a time, as the statement's LIMIT says */

struct blob { char digest[PEN_DIGEST_HEX], kind[32], name[256]; };

/* The files of rules that are kept, "name.sql digest" a line each, and the lists of
 * rules, in which such a line stands for each of their files. */
struct rules { struct pen_text files, lists; };

static bool is_list(const struct blob *blob)
{
	return strcmp(blob->kind, "rules") == 0 && strcmp(blob->name, "rules") == 0;
}

static void take(struct pen_statement *statement, struct blob *blob)
{
	snprintf(blob->digest, sizeof(blob->digest), "%s", pen_db__text(statement, 0));
	snprintf(blob->kind, sizeof(blob->kind), "%s", pen_db__text(statement, 1));
	snprintf(blob->name, sizeof(blob->name), "%s", pen_db__text(statement, 2));
}

static enum pen_status read_blobs(struct pen_walk *walk, const char *after, struct blob blobs[BLOBS], size_t *count,
    struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(walk->session->store, PEN_SQL_BLOBWALK_NEXT, &statement, error);
	bool row;

	if (status != PEN_OK)
		return status;
	*count = 0;
	pen_db__bind_text(statement, ":after", after);
	while (*count < BLOBS && (status = pen_db__step(statement, &row, error)) == PEN_OK && row)
		take(statement, &blobs[(*count)++]);
	pen_db__reset(statement);
	return status;
}

/* Reading checks the digest; of the bytes only lists of rules are wanted. */
static enum pen_status pass_over(void *context, const char *bytes, size_t n, struct pen_error *error)
{
	(void)error;
	if (context != NULL)
		pen_text__add(context, bytes, n);
	return PEN_OK;
}

static enum pen_status check_bytes(struct pen_walk *walk, const struct blob *blob, struct rules *rules, struct pen_error *error)
{
	char record[320];
	enum pen_status status;

	snprintf(record, sizeof(record), "%s %s", blob->kind, blob->name);
	if (strcmp(blob->kind, "rules") == 0 && !is_list(blob))
		pen_text__printf(&rules->files, "%s.sql %s\n", blob->name, blob->digest);
	status = pen_blob__read(walk->session->store, blob->digest, pass_over, is_list(blob) ? &rules->lists : NULL, error);
	walk->blobs++;
	return pen_walk__damage(walk, status, "blob.digest", 0, record, error);
}

/* ---------------------------------------------------------------- names -- */

static enum pen_status report_name(struct pen_walk *walk, const char *record, const char *digest, struct pen_error *error)
{
	return pen_walk__report(walk, &(struct pen_walk_place){ "blob.name", "name", record,
	    _("the kind and the name of what it was kept for"), 0, 0 }, error, "%s, %s", record, digest);
}

/* The next of what nothing names as it is kept; *row false: there is none. */
static enum pen_status next_unnamed(struct pen_walk *walk, int64_t skip, struct blob *blob, bool *row, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status = pen_store__sql(walk->session->store, PEN_SQL_BLOBWALK_UNNAMED, &statement, error);

	if (status != PEN_OK)
		return status;
	do
		status = pen_db__step(statement, row, error);
	while (status == PEN_OK && *row && skip-- > 0);
	if (status == PEN_OK && *row)
		take(statement, blob);
	pen_db__reset(statement);
	return status;
}

static enum pen_status check_names(struct pen_walk *walk, struct pen_error *error)
{
	char record[320];
	struct blob blob = { .digest = "" };
	int64_t told = 0;
	bool row;
	enum pen_status status;

	while ((status = next_unnamed(walk, told, &blob, &row, error)) == PEN_OK && row) {
		snprintf(record, sizeof(record), "%s %s", blob.kind, blob.name);
		status = report_name(walk, record, blob.digest, error);
		if (status != PEN_OK)
			break;
		told++;
	}
	return status;
}

/* Each file of rules stands in a list under its name. */
static enum pen_status check_rules(struct pen_walk *walk, struct rules *rules, struct pen_error *error)
{
	char *line = rules->files.s, *end, record[320], whole[400];
	enum pen_status status = PEN_OK;

	if (rules->files.failed || rules->lists.failed)
		return pen_error__memory(error);
	for (; status == PEN_OK && line != NULL && (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		snprintf(whole, sizeof(whole), "\n%s\n", line);
		if (rules->lists.s != NULL && strstr(rules->lists.s, whole) != NULL)
			continue;
		snprintf(record, sizeof(record), "rules %.*s", (int)(strrchr(line, ' ') - line), line);
		status = report_name(walk, record, strrchr(line, ' ') + 1, error);
	}
	return status;
}

enum pen_status pen_blobwalk__run(struct pen_walk *walk, struct pen_error *error)
{
	struct rules rules = { .files = { NULL, 0, 0, false }, .lists = { NULL, 0, 0, false } };
	struct blob blobs[BLOBS];
	char after[PEN_DIGEST_HEX] = "";
	enum pen_status status;
	size_t count, i;

	do {
		status = read_blobs(walk, after, blobs, &count, error);
		for (i = 0; i < count && status == PEN_OK; i++) {
			status = check_bytes(walk, &blobs[i], &rules, error);
			snprintf(after, sizeof(after), "%s", blobs[i].digest);
		}
		if (status == PEN_OK)
			status = pen_walk__go_on(walk, _("what is kept whole"), walk->blobs, -1, error);
	} while (status == PEN_OK && count == BLOBS);
	if (status == PEN_OK)
		status = check_names(walk, error);
	if (status == PEN_OK)
		status = check_rules(walk, &rules, error);
	pen_text__free(&rules.files);
	pen_text__free(&rules.lists);
	return status;
}
