#include "store/suspension.h"
#include "adapter/json.h"

#include <string.h>

/* The reason stands in the entry's body. A text that cannot be read gives none;
 * verification tells the rest. */
static void take_reason(const char *text, char out[PEN_REASON_ROOM])
{
	struct pen_error ignored = { .status = PEN_OK };
	const char *line = text ? strstr(text, "\nbody: ") : NULL, *reason;
	struct pen_json *body;

	out[0] = '\0';
	if (!line || pen_json__parse(&body, line + 7, strcspn(line + 7, "\n"), &ignored) != PEN_OK)
		return;
	reason = pen_json__string(pen_json__member(body, "reason"));
	snprintf(out, PEN_REASON_ROOM, "%s", reason ? reason : "");
	pen_json__free(body);
}

static void take(struct pen_statement *row, int column, char *out, size_t room)
{
	const char *text = pen_db__text(row, column);

	snprintf(out, room, "%s", text ? text : "");
}

enum pen_status pen_suspension__now(struct pen_store *store, struct pen_suspension *suspension, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;
	const char *act;
	bool row;

	*suspension = (struct pen_suspension){ .suspended = false };
	if (pen_store__sql(store, PEN_SQL_SUSPENSION_NEWEST, &statement, error) != PEN_OK)
		return error->status;
	status = pen_db__step(statement, &row, error);
	act = status == PEN_OK && row ? pen_db__text(statement, 3) : NULL;
	if (act && strcmp(act, PEN_ACT_SUSPEND) == 0) {
		suspension->suspended = true;
		suspension->at = pen_db__int(statement, 0);
		take(statement, 1, suspension->since, sizeof(suspension->since));
		take(statement, 2, suspension->by, sizeof(suspension->by));
		take_reason(pen_db__text(statement, 4), suspension->reason);
	}
	pen_db__reset(statement);
	return status;
}

bool pen_suspension__passes(const char *act)
{
	static const char *const acts[] = {
		"verify.begin", "verify.read", "backup.create", "backup.adopt", "log.incident", PEN_ACT_RESUME, "refused", NULL
	};
	const char *const *a;

	for (a = acts; *a; a++)
		if (strcmp(*a, act) == 0)
			return true;
	return false;
}
