#include "store/amendlog.h"

#include "base/date.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

#define AREAS_MOST 512	/* the counties of a province are fewer; one more is looked up each time */

/* A copy in the arena; NULL for null, and where there is no memory (*failed). */
static const char *keep(struct pen_arena *arena, struct pen_statement *s, int column, bool *failed)
{
	const char *text = pen_db__text(s, column);
	const char *copy = text ? pen_memory__copy(arena, text, strlen(text)) : NULL;

	*failed |= text && !copy;
	return copy;
}

/* --------------------------------------------------------- who did what -- */

/* As what a move was made. Of two approvals in a row the second is the head's; what was
 * handed in again is approved anew. */
static int part_of(const char *move, const struct pen_amendlog_case *one)
{
	static const struct { const char *move; int part; } parts[] = {
		{ "request", PEN_AMENDLOG_REQUESTED }, { "object", PEN_AMENDLOG_REQUESTED }, { "revise", PEN_AMENDLOG_REQUESTED },
		{ "unseal", PEN_AMENDLOG_UNSEALED }, { "apply", PEN_AMENDLOG_APPLIED }, { "check", PEN_AMENDLOG_CHECKED },
		{ "close", PEN_AMENDLOG_CLOSED },
	};
	size_t i;

	if (strcmp(move, "approve") == 0)
		return one->part[PEN_AMENDLOG_LEAD].staff ? PEN_AMENDLOG_HEAD : PEN_AMENDLOG_LEAD;
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strcmp(parts[i].move, move) == 0)
			return parts[i].part;
	return -1;
}

static bool take_step(struct pen_statement *s, struct pen_arena *arena, struct pen_amendlog_case *one)
{
	bool failed = false;
	const char *move = keep(arena, s, 0, &failed);
	const int part = move ? part_of(move, one) : -1;
	int i;

	for (i = PEN_AMENDLOG_LEAD; part == PEN_AMENDLOG_REQUESTED && i < PEN_AMENDLOG_PARTS; i++)
		one->part[i] = (struct pen_amendlog_actor){ .at = 0 };
	if (part >= 0)
		one->part[part] = (struct pen_amendlog_actor){
			.staff = keep(arena, s, 1, &failed), .name = keep(arena, s, 2, &failed), .time = keep(arena, s, 3, &failed),
			.at = pen_db__int(s, 4)
		};
	return !failed;
}

static enum pen_status read_steps(struct pen_store *store, int64_t as_of, struct pen_arena *arena,
    struct pen_amendlog_case *one, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_AMENDLOG_STEPS, &s, error);
	bool row;

	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":case", one->id);
	pen_db__bind_int(s, ":as_of", as_of);
	while ((status = pen_db__step(s, &row, error)) == PEN_OK && row)
		if (!take_step(s, arena, one)) {
			status = pen_error__memory(error);
			break;
		}
	pen_db__reset(s);
	return status;
}

/* --------------------------------------------------------------- cases -- */

static bool take_case(struct pen_statement *s, struct pen_arena *arena, struct pen_amendlog_case *one)
{
	bool failed = false;

	*one = (struct pen_amendlog_case){
		.id = pen_db__int(s, 0), .applied = pen_db__int(s, 1), .batch = pen_db__int(s, 2), .revision = pen_db__int(s, 3),
		.form = keep(arena, s, 4, &failed), .agency = keep(arena, s, 5, &failed), .reason = keep(arena, s, 6, &failed),
		.digest = keep(arena, s, 7, &failed), .original = keep(arena, s, 8, &failed), .evidence = keep(arena, s, 9, &failed)
	};
	return !failed;
}

enum pen_status pen_amendlog__next(struct pen_store *store, const struct pen_amendlog_choice *choice, int64_t after,
    struct pen_arena *arena, struct pen_amendlog_case *one, bool *found, struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_AMENDLOG_NEXT, &s, error);

	*found = false;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":after", after);
	pen_db__bind_int(s, ":as_of", choice->as_of);
	pen_db__bind_text(s, ":begin", choice->begin);
	pen_db__bind_text(s, ":end", choice->end);
	pen_db__bind_text(s, ":agency", choice->agency);
	status = pen_db__step(s, found, error);
	if (status == PEN_OK && *found && !take_case(s, arena, one))
		status = pen_error__memory(error);
	pen_db__reset(s);
	return status == PEN_OK && *found ? read_steps(store, choice->as_of, arena, one, error) : status;
}

/* --------------------------------------------------------------- lines -- */

static bool take_line(struct pen_statement *s, struct pen_arena *arena, struct pen_amendlog_line *line)
{
	bool failed = false;

	*line = (struct pen_amendlog_line){
		.record = pen_db__int(s, 0), .number = pen_db__int(s, 1), .kind = keep(arena, s, 2, &failed),
		.form = keep(arena, s, 3, &failed), .folio = pen_db__int(s, 4), .subject = pen_db__int(s, 5),
		.line = pen_db__int(s, 6), .employer = pen_db__int(s, 7), .period = (int32_t)pen_db__int(s, 8),
		.field = keep(arena, s, 9, &failed), .old = keep(arena, s, 10, &failed), .new = keep(arena, s, 11, &failed),
		.follows = pen_db__int(s, 12) != 0
	};
	return !failed;
}

enum pen_status pen_amendlog__lines(struct pen_store *store, const struct pen_amendlog_case *one, int64_t record,
    int64_t number, struct pen_arena *arena, struct pen_amendlog_line *lines, size_t room, size_t *count,
    struct pen_error *error)
{
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_AMENDLOG_LINES, &s, error);
	bool row;

	*count = 0;
	if (status != PEN_OK)
		return status;
	pen_db__bind_int(s, ":case", one->id);
	pen_db__bind_int(s, ":revision", one->revision);
	pen_db__bind_int(s, ":record", record);
	pen_db__bind_int(s, ":number", number);
	pen_db__bind_int(s, ":most", (int64_t)room);
	while (*count < room && (status = pen_db__step(s, &row, error)) == PEN_OK && row)
		if (!take_line(s, arena, &lines[(*count)++])) {
			status = pen_error__memory(error);
			break;
		}
	pen_db__reset(s);
	return status;
}

/* -------------------------------------------------------- what is owed -- */

/* Whether the log of an area and a month was printed once the month was over. */
static enum pen_status is_printed(struct pen_store *store, int32_t month, const char *agency, bool *printed,
    struct pen_error *error)
{
	char name[8], ends[21], whole[32], area[48];
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_AMENDLOG_PRINTED, &s, error);

	if (status != PEN_OK)
		return status;
	pen_date__ends(pen_date__month_end(month), ends);
	snprintf(whole, sizeof(whole), "amendment-log %s", pen_date__format_month(month, name));
	snprintf(area, sizeof(area), "%s %s", whole, agency);
	pen_db__bind_text(s, ":ends", ends);
	pen_db__bind_text(s, ":whole", whole);
	pen_db__bind_text(s, ":area", area);
	status = pen_db__step(s, printed, error);
	pen_db__reset(s);
	return status;
}

/* The areas of a month whose logs are there. */
struct printed { int32_t month; size_t count; char area[AREAS_MOST][7]; };

static bool is_known(struct printed *known, int32_t month, const char *agency)
{
	size_t i;

	if (known->month != month)
		known->count = 0;
	known->month = month;
	for (i = 0; i < known->count; i++)
		if (strcmp(known->area[i], agency) == 0)
			return true;
	return false;
}

enum pen_status pen_amendlog__owed(struct pen_store *store, int32_t *month, struct pen_error *error)
{
	struct printed known = { .month = 0 };
	struct pen_statement *s;
	enum pen_status status = pen_store__sql(store, PEN_SQL_AMENDLOG_CHANGED, &s, error);
	bool row, printed = true;
	const char *agency;

	*month = 0;
	while (status == PEN_OK && printed && (status = pen_db__step(s, &row, error)) == PEN_OK && row) {
		const int32_t of = pen_date__local(pen_db__text(s, 0)) / 100;

		agency = pen_db__text(s, 1);
		if (is_known(&known, of, agency))
			continue;
		status = is_printed(store, of, agency, &printed, error);
		if (status == PEN_OK && !printed)
			*month = of;
		else if (status == PEN_OK && known.count < AREAS_MOST)
			snprintf(known.area[known.count++], sizeof(known.area[0]), "%s", agency);
	}
	if (s)
		pen_db__reset(s);
	return status;
}
