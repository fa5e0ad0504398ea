/* Entries of the running logs that people write: of the network (R6.1), of dangers
 * and what was done against them (R7.3), of breaches (R8.3). */
#include "base/date.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "model/printer.h"
#include "store/blob.h"
#include "work/formfile.h"
#include "store/runlog.h"

#include <inttypes.h>
#include <string.h>

#define PAPER_LARGEST ((size_t)256 << 20)

/* Who enters a kind, and by which clause. */
struct log { const char *kind, *act, *clause; const char *roles[5]; };

static const struct log network_log = { "network", "log.network", "R6.1", { "netadmin", NULL } };
static const struct log incident_log = { "incident", "log.incident", "R7.3", { "dba", "syslead", "netadmin", "head", NULL } };
static const struct log breach_log = { "breach", "log.breach", "R8.3", { "head", "syslead", NULL } };

/* Entries being made. The strings are the caller's or the arena's. `line` is that of
 * a file, 0 where there is none; `was` is set where the entry is there already. */
struct made { struct pen_runlog entry; long line; bool was; };
struct work {
	struct pen_session *session;
	const struct log *log;
	const struct pen_logging_options *options;
	struct pen_arena *arena;
	int32_t today;
	char document[PEN_DIGEST_HEX];
	struct made *made;
	size_t count, room;
	int64_t entered, unchanged;
};

/* Makes the entries from what was given. */
typedef enum pen_status reading(struct work *work, struct pen_error *error);

/* --------------------------------------------------------- what is said -- */

static enum pen_status is_missing(const struct log *log, const char *option, struct pen_error *error)
{
	pen_error__set(error, PEN_USAGE, "log.missing", _("the %s log has no --%s, which %s asks for"), log->kind, option, log->clause);
	return error->status;
}

/* Texts of options, by column; required where it is said so. */
struct answer { enum pen_runlog_column column; const char *option, *text; bool required; };

static enum pen_status put_texts(struct work *work, struct made *made, const struct answer *answers, size_t count,
    struct pen_error *error)
{
	enum pen_status status = PEN_OK;
	size_t i;

	for (i = 0; i < count && status == PEN_OK; i++) {
		status = pen_runlog__say(&made->entry, answers[i].column, answers[i].option, answers[i].text, error);
		if (status == PEN_OK && answers[i].required && made->entry.v[answers[i].column].type == PEN_NULL)
			status = is_missing(work->log, answers[i].option, error);
	}
	return status;
}

/* The day that an entry is about. It may lie back, but not ahead. */
static enum pen_status put_day(const struct work *work, struct made *made, enum pen_runlog_column column, int32_t on,
    struct pen_error *error)
{
	char day[11];

	if (!pen_date__valid(on) || on > work->today)
		return pen_error__set(error, PEN_USAGE, "log.future",
		    _("%s is no day that has come: a log is about one"), pen_date__format(on, day));
	made->entry.v[column] = pen_value__integer(on);
	return PEN_OK;
}

static enum pen_status new_entry(struct work *work, struct made **made, struct pen_error *error)
{
	size_t room = work->room ? 2 * work->room : 16;
	const char *agency = work->session->staff.agency;
	struct made *more;

	if (work->count == work->room) {
		more = pen_memory__realloc(work->made, room, sizeof(*more));
		if (!more)
			return pen_error__memory(error);
		work->made = more;
		work->room = room;
	}
	*made = &work->made[work->count++];
	**made = (struct made){ .entry.kind = work->log->kind };
	(*made)->entry.v[PEN_RUNLOG_AGENCY] = pen_value__string(agency, strlen(agency));
	if (work->options->corrects)
		(*made)->entry.v[PEN_RUNLOG_CORRECTS] = pen_value__integer(work->options->corrects);
	if (work->document[0])
		(*made)->entry.v[PEN_RUNLOG_DOCUMENT] = pen_value__string(work->document, strlen(work->document));
	return PEN_OK;
}

/* An earlier entry of the same log, which this one corrects or goes on with. */
static enum pen_status find_earlier(struct work *work, const char *option, int64_t id, struct pen_runlog *earlier,
    struct pen_error *error)
{
	bool found;

	if (pen_runlog__find(work->session->store, id, work->arena, earlier, &found, error) != PEN_OK)
		return error->status;
	if (found && strcmp(earlier->kind, work->log->kind) == 0 && earlier->v[PEN_RUNLOG_AGENCY].type == PEN_STRING &&
	    strcmp(earlier->v[PEN_RUNLOG_AGENCY].s, work->session->staff.agency) == 0)
		return PEN_OK;
	return pen_error__set(error, PEN_USAGE, "log.earlier",
	    _("--%s %" PRId64 ": there is no such entry of the %s log of agency %s; pen-log list shows them"),
	    option, id, work->log->kind, work->session->staff.agency);
}

/* One entry from the options: its day is the one given, that of what it corrects,
 * or today. */
static enum pen_status begin_one(struct work *work, struct made **made, struct pen_error *error)
{
	const struct pen_logging_options *options = work->options;
	struct pen_runlog earlier;
	int32_t on = options->on;

	if (new_entry(work, made, error) != PEN_OK)
		return error->status;
	if (options->corrects) {
		if (find_earlier(work, "corrects", options->corrects, &earlier, error) != PEN_OK)
			return error->status;
		if (!on)
			on = (int32_t)earlier.v[PEN_RUNLOG_ON_DATE].i;
	}
	return put_day(work, *made, PEN_RUNLOG_ON_DATE, on ? on : work->today, error);
}

/* -------------------------------------------------------------- network -- */

static enum pen_status network_one(struct work *work, struct pen_error *error)
{
	const struct pen_logging_options *options = work->options;
	const struct answer answers[] = {
		{ PEN_RUNLOG_PORTS, "ports", options->ports, true },
		{ PEN_RUNLOG_SERVERS, "servers", options->servers, true },
		{ PEN_RUNLOG_EQUIPMENT, "equipment", options->equipment, true },
		{ PEN_RUNLOG_FAULTS, "faults", options->faults, true },
		{ PEN_RUNLOG_NOTE, "note", options->note, false },
	};
	struct made *made;

	if (begin_one(work, &made, error) != PEN_OK)
		return error->status;
	return put_texts(work, made, answers, sizeof(answers) / sizeof(answers[0]), error);
}

/* A line that says who answers for it is entered by that person and by nobody else. */
static enum pen_status check_responsible(const struct work *work, const struct pen_value *who, struct pen_error *error)
{
	const struct pen_staff *staff = &work->session->staff;
	char said[300], name[sizeof(staff->name) + 1];

	if (who->type != PEN_STRING || who->n >= sizeof(said))
		return PEN_OK;
	pen_text__fold_name(staff->name, strlen(staff->name), name);
	pen_text__fold_name(who->s, who->n, said);
	if (strcmp(who->s, staff->id) == 0 || strcmp(said, name) == 0)
		return PEN_OK;
	return pen_error__refuse(error, work->log->clause, "log.responsible",
	    _("this line is answered for by %s, and is signed by %s (%s): each enters their own"), who->s, staff->name, staff->id);
}

static enum pen_status network_row(void *context, const struct pen_formfile_row *row, struct pen_error *error)
{
	static const struct { enum pen_runlog_column column; const char *field; } texts[] = {
		{ PEN_RUNLOG_PORTS, "ports" }, { PEN_RUNLOG_SERVERS, "servers" },
		{ PEN_RUNLOG_EQUIPMENT, "equipment" }, { PEN_RUNLOG_FAULTS, "faults" },
	};
	struct work *work = context;
	const char *text;
	struct made *made = NULL;
	size_t i;

	if (check_responsible(work, pen_formfile__value(row, "responsible"), error) != PEN_OK ||
	    new_entry(work, &made, error) != PEN_OK ||
	    put_day(work, made, PEN_RUNLOG_ON_DATE, (int32_t)pen_formfile__value(row, "on_date")->i, error) != PEN_OK)
		return error->status;
	made->line = row->line;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		text = pen_memory__copy(work->arena, pen_formfile__value(row, texts[i].field)->s,
		    pen_formfile__value(row, texts[i].field)->n);
		if (!text)
			return pen_error__memory(error);
		if (pen_runlog__say(&made->entry, texts[i].column, texts[i].field, text, error) != PEN_OK)
			return error->status;
	}
	return PEN_OK;
}

static enum pen_status network(struct work *work, struct pen_error *error)
{
	const struct pen_logging_options *options = work->options;
	enum pen_status status;

	if (!options->from)
		return network_one(work, error);
	if (options->on || options->corrects || options->ports || options->servers || options->equipment || options->faults ||
	    options->note)
		return pen_error__set(error, PEN_USAGE, "log.from",
		    _("--from FILE says all of each line: leave the other options out, and correct one entry at a time"));
	status = pen_formfile__read(options->from, "network-log", network_row, work, error);
	if (status == PEN_OK && work->count == 0) {
		pen_error__set(error, PEN_INPUT, "log.none", _("there is no entry in it: a header, and a line for each day"));
		status = pen_error__at(error, options->from, 0, NULL);
	}
	return status;
}

/* ------------------------------------------------- incidents, breaches -- */

static enum pen_status incident(struct work *work, struct pen_error *error)
{
	const struct pen_logging_options *options = work->options;
	const bool first = options->follows == 0;
	const struct answer answers[] = {
		{ PEN_RUNLOG_FOUND, "found", options->found, first },
		{ PEN_RUNLOG_MEASURES, "measures", options->measures, first || !options->cleared },
		{ PEN_RUNLOG_REPORTED_TO, "reported-to", options->reported_to, options->cut_off },
		{ PEN_RUNLOG_CLEARED, "cleared", options->cleared, false },
		{ PEN_RUNLOG_NOTE, "note", options->note, false },
	};
	struct pen_runlog earlier;
	struct made *made;

	if (begin_one(work, &made, error) != PEN_OK)
		return error->status;
	if (!first) {
		if (find_earlier(work, "follows", options->follows, &earlier, error) != PEN_OK)
			return error->status;
		made->entry.v[PEN_RUNLOG_FOLLOWS] = pen_value__integer(options->follows);
	}
	made->entry.v[PEN_RUNLOG_CUT_OFF] = pen_value__integer(options->cut_off);
	return put_texts(work, made, answers, sizeof(answers) / sizeof(answers[0]), error);
}

/* "R7.2": a clause of one of the parts that ask for something. */
static enum pen_status check_clause(const char *clause, struct pen_error *error)
{
	if (clause && clause[0] == 'R' && clause[1] >= '2' && clause[1] <= '8' && strlen(clause) < 16 &&
	    (clause[2] == '\0' || (clause[2] == '.' && clause[3] != '\0')) &&
	    strspn(clause + 2, "0123456789abcd.-") == strlen(clause + 2))
		return PEN_OK;
	return pen_error__set(error, PEN_USAGE, "log.clause",
	    _("--clause is '%s'; expected the clause that was broken, such as R7.2 (pen(7) lists them)"), clause ? clause : "");
}

static enum pen_status breach(struct work *work, struct pen_error *error)
{
	const struct pen_logging_options *options = work->options;
	const struct answer answers[] = {
		{ PEN_RUNLOG_UNIT, "unit", options->unit, true },
		{ PEN_RUNLOG_CLAUSE, "clause", options->clause, true },
		{ PEN_RUNLOG_FOUND, "found", options->found, true },
		{ PEN_RUNLOG_NOTE, "note", options->note, false },
	};
	struct made *made;

	if (options->points < 1 || options->points > 5)
		return pen_error__set(error, PEN_USAGE, "log.points",
		    _("--points is %" PRId64 "; a breach costs the unit 1 to 5 points each time (R8.3)"), options->points);
	if (check_clause(options->clause, error) != PEN_OK || begin_one(work, &made, error) != PEN_OK)
		return error->status;
	made->entry.v[PEN_RUNLOG_POINTS] = pen_value__integer(options->points);
	if (options->until) {
		if (options->until < made->entry.v[PEN_RUNLOG_ON_DATE].i)
			return pen_error__set(error, PEN_USAGE, "log.until", _("--until lies before the day of the breach"));
		if (put_day(work, made, PEN_RUNLOG_UNTIL_DATE, options->until, error) != PEN_OK)
			return error->status;
	}
	return put_texts(work, made, answers, sizeof(answers) / sizeof(answers[0]), error);
}

/* ------------------------------------------------------------- entering -- */

/* Looks whether the very entry stands already. A network log that says something
 * else of a day is one too many: what is wrong in the first is corrected. */
static enum pen_status look_for(struct work *work, struct made *made, struct pen_error *error)
{
	struct pen_store *store = work->session->store;
	struct pen_runlog other;
	char day[11];
	int64_t id = 0;
	bool found;

	for (;;) {
		if (pen_runlog__of_day(store, &made->entry, id, &id, error) != PEN_OK)
			return error->status;
		if (!id)
			return PEN_OK;
		if (pen_runlog__find(store, id, work->arena, &other, &found, error) != PEN_OK)
			return error->status;
		made->was = found && pen_runlog__same(&made->entry, &other);
		if (made->was) {
			made->entry.id = id;
			return PEN_OK;
		}
		if (work->log == &network_log && id != work->options->corrects)
			return pen_error__refuse(error, work->log->clause, "log.there",
			    _("the network log of %s is there, as entry %" PRId64 ", and says something else: what is wrong in it is corrected with --corrects %" PRId64),
			    pen_date__format((int32_t)made->entry.v[PEN_RUNLOG_ON_DATE].i, day), id, id);
	}
}

/* What is corrected must stand: else two entries would stand in the place of one. */
static enum pen_status check_corrected(struct work *work, struct pen_error *error)
{
	struct pen_runlog earlier;

	if (!work->options->corrects)
		return PEN_OK;
	if (find_earlier(work, "corrects", work->options->corrects, &earlier, error) != PEN_OK)
		return error->status;
	if (!earlier.corrected_by)
		return PEN_OK;
	return pen_error__refuse(error, work->log->clause, "log.corrected",
	    _("entry %" PRId64 " is corrected already, by entry %" PRId64 ": correct that one"), earlier.id, earlier.corrected_by);
}

static enum pen_status enter(struct work *work, struct made *made, struct pen_error *error)
{
	enum pen_status status = look_for(work, made, error);

	if (status == PEN_OK && made->was) {
		work->unchanged++;
		return PEN_OK;
	}
	if (status == PEN_OK)
		status = check_corrected(work, error);
	if (status == PEN_OK)
		status = pen_runlog__enter(work->session, &made->entry, error);
	if (status == PEN_OK)
		work->entered++;
	return status;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* All entries or none. */
static enum pen_status enter_all(struct work *work, const char *paper, size_t n, struct pen_error *error)
{
	struct pen_db *db = pen_store__db(work->session->store);
	enum pen_status status = pen_db__begin_write(db, error);
	size_t i;

	if (status != PEN_OK)
		return status;
	if (paper)
		status = pen_blob__keep(work->session->store, "paper", base_name(work->options->document), paper, n,
		    work->document, error);
	for (i = 0; i < work->count && status == PEN_OK; i++) {
		status = enter(work, &work->made[i], error);
		if (status != PEN_OK && work->made[i].line)
			pen_error__at(error, work->options->from, work->made[i].line, NULL);
	}
	if (status == PEN_OK && work->entered > 0 && !work->options->dry_run)
		status = pen_db__commit(db, error);
	pen_db__rollback(db);	/* harmless after the commit */
	return status;
}

/* -------------------------------------------------------------- telling -- */

static void print(const struct work *work, struct pen_printer *printer)
{
	const int64_t today = pen_date__days(work->today);
	size_t i;

	pen_printer__open_table(printer, "entered", _("Running log"), NULL);
	for (i = 0; i < work->count; i++) {
		const struct pen_runlog *entry = &work->made[i].entry;
		const int32_t on = (int32_t)entry->v[PEN_RUNLOG_ON_DATE].i;
		const struct pen_item row[] = {
			PEN_I_INT("log", _("entry"), entry->id),
			PEN_I_TEXT("kind", _("log of"), entry->kind),
			PEN_I_DATE("on", _("day"), on),
			PEN_I_INT("late_days", _("days late"), today - pen_date__days(on)),
			PEN_I_TEXT("outcome", _("outcome"), work->made[i].was ? "unchanged" : "entered"),
		};

		pen_printer__row(printer, "entry", PEN_ITEMS(row));
	}
	const struct pen_item summary[] = {
		PEN_I_INT("entered", _("entered"), work->entered),
		PEN_I_INT("unchanged", _("unchanged"), work->unchanged),
		PEN_I_TEXT("document", _("document"), work->document[0] ? work->document : NULL),
		PEN_I_FLAG("dry_run", _("dry run"), work->options->dry_run),
	};
	pen_printer__close_table(printer, PEN_ITEMS(summary), PEN_OK);
}

static enum pen_status load_paper(struct work *work, char **paper, size_t *n, struct pen_error *error)
{
	const char *path = work->options->document;

	if (!path)
		return PEN_OK;
	if (pen_file__load(path, PAPER_LARGEST, paper, n, error) != PEN_OK)
		return error->status;
	if (*n == 0)
		return pen_error__set(error, PEN_INPUT, "log.empty", _("%s is empty: expected the paper"), path);
	return pen_store__digest(work->session->store, *paper, *n, work->document, error);
}

/* What is refused on the way is an attempt, and entered as one. */
static enum pen_status make_all(struct work *work, reading *read, struct pen_error *error)
{
	char *paper = NULL;
	size_t n = 0;
	enum pen_status status = load_paper(work, &paper, &n, error);

	if (status == PEN_OK)
		status = read(work, error);
	if (status == PEN_OK)
		status = enter_all(work, paper, n, error);
	if (status == PEN_REFUSED)
		status = pen_session__refused(work->session, work->log->act, "log", error);
	pen_memory__free(paper);
	return status;
}

static enum pen_status keep_log(struct pen_session *session, const struct log *log, reading *read,
    const struct pen_logging_options *options, struct pen_printer *printer, struct pen_error *error)
{
	struct work work = { .session = session, .log = log, .options = options, .today = pen_date__today() };
	enum pen_status status = pen_session__writable(session, error);

	if (status == PEN_OK)
		status = pen_session__require(session, log->roles, session->staff.agency, log->clause, log->act, error);
	if (status == PEN_OK && !(work.arena = pen_memory__arena()))
		status = pen_error__memory(error);
	if (status == PEN_OK)
		status = make_all(&work, read, error);
	if (status == PEN_OK)
		print(&work, printer);
	pen_memory__free(work.made);
	pen_memory__drop(work.arena);
	return status;
}

enum pen_status pen_logging_network(struct pen_session *session, const struct pen_logging_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	return keep_log(session, &network_log, network, options, printer, error);
}

enum pen_status pen_logging_incident(struct pen_session *session, const struct pen_logging_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	return keep_log(session, &incident_log, incident, options, printer, error);
}

enum pen_status pen_logging_breach(struct pen_session *session, const struct pen_logging_options *options,
    struct pen_printer *printer, struct pen_error *error)
{
	return keep_log(session, &breach_log, breach, options, printer, error);
}
