#include "store/terminal.h"
#include "base/encode.h"
#include "base/error.h"

#include <string.h>
#include <unistd.h>

/* ---- this computer ---- */

/* The id that the system gave itself when it was installed, else its name. */
static void machine_id(char *out, size_t room)
{
	FILE *file = fopen("/etc/machine-id", "re");

	out[0] = '\0';
	if (file && !fgets(out, (int)room, file))
		out[0] = '\0';
	if (file)
		fclose(file);
	out[strcspn(out, "\r\n")] = '\0';
	if (!out[0] && gethostname(out, room - 1) != 0)
		snprintf(out, room, "localhost");
	out[room - 1] = '\0';
}

enum pen_status pen_terminal__here(enum pen_suite suite, char out[PEN_DIGEST_HEX], struct pen_error *error)
{
	unsigned char digest[PEN_DIGEST_SIZE];
	char text[300] = "pen-terminal/";
	size_t n = strlen(text);

	/* The id itself is told to nobody, as its maker asks. */
	machine_id(text + n, sizeof(text) - n);
	if (!pen_digest__of(suite, text, strlen(text), digest))
		return pen_error__memory(error);
	pen_encode__hex(digest, sizeof(digest), out);
	return PEN_OK;
}

/* ---- registered ones ---- */

enum pen_status pen_terminal__enter(struct pen_store *store, const struct pen_terminal *terminal, bool allowed,
    struct pen_error *error)
{
	struct pen_statement *statement;

	if (pen_store__sql(store, PEN_SQL_TERMINAL_ENTER, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_text(statement, ":machine", terminal->id);
	pen_db__bind_int(statement, ":at", terminal->at);
	pen_db__bind_text(statement, ":name", terminal->name);
	pen_db__bind_int(statement, ":allowed", allowed);
	if (terminal->agency[0])
		pen_db__bind_text(statement, ":agency", terminal->agency);
	else
		pen_db__bind_null(statement, ":agency");
	return pen_db__run(statement, error);
}

static void take(struct pen_statement *row, int column, char *out, size_t room)
{
	const char *text = pen_db__text(row, column);

	snprintf(out, room, "%s", text ? text : "");
}

static void take_terminal(struct pen_statement *row, struct pen_terminal *terminal)
{
	take(row, 0, terminal->id, sizeof(terminal->id));
	take(row, 1, terminal->name, sizeof(terminal->name));
	take(row, 2, terminal->agency, sizeof(terminal->agency));
	terminal->at = pen_db__int(row, 3);
}

enum pen_status pen_terminal__at(struct pen_store *store, const char *id, int64_t at,
    struct pen_terminal *terminal, bool *found, struct pen_error *error)
{
	struct pen_statement *statement;
	enum pen_status status;
	bool row;

	if (pen_store__sql(store, PEN_SQL_TERMINAL_AT, &statement, error) != PEN_OK)
		return error->status;
	pen_db__bind_text(statement, ":machine", id);
	pen_db__bind_int(statement, ":at", at);
	status = pen_db__step(statement, &row, error);
	*found = status == PEN_OK && row && pen_db__int(statement, 4) == 1;
	if (*found)
		take_terminal(statement, terminal);
	pen_db__reset(statement);
	return status;
}

bool pen_terminal__serves(const struct pen_terminal *terminal, const char *agency)
{
	return !terminal->agency[0] || strcmp(terminal->agency, agency) == 0;
}

enum pen_status pen_terminal__each(struct pen_store *store, pen_terminal_visit *visit, void *context, struct pen_error *error)
{
	struct pen_statement *statement;
	struct pen_terminal terminal;
	char time[21], staff[64];
	enum pen_status status;
	bool row;

	if (pen_store__sql(store, PEN_SQL_TERMINAL_EACH, &statement, error) != PEN_OK)
		return error->status;
	while ((status = pen_db__step(statement, &row, error)) == PEN_OK && row) {
		take_terminal(statement, &terminal);
		take(statement, 5, time, sizeof(time));
		take(statement, 6, staff, sizeof(staff));
		status = visit(context, &terminal, pen_db__int(statement, 4) == 1, time, staff, error);
		if (status != PEN_OK)
			break;
	}
	pen_db__reset(statement);
	return status;
}
